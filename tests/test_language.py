"""Telling English from the rest."""

import pytest

from rejoinder.model.language import detect


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Thank you for your interest in the role. We have decided not to move forward."),
        ("en", "no luck this time sorry"),
        ("en", "Sorry, no."),
        ("en", "Not selected"),
        (
            "de",
            "Vielen Dank für Ihre Bewerbung. Leider müssen wir Ihnen mitteilen, dass wir uns für einen anderen Bewerber entschieden haben.",
        ),
        (
            "fr",
            "Nous vous remercions de votre candidature et sommes au regret de vous informer que nous ne pouvons pas y donner suite.",
        ),
        (
            "es",
            "Gracias por su interés en el puesto. Lamentamos informarle de que hemos elegido a otra persona.",
        ),
        ("it", "La ringraziamo per la candidatura, ma abbiamo deciso di procedere con un altro profilo."),
        ("pt", "Obrigado pelo seu interesse na vaga, mas não vamos avançar com a sua candidatura."),
        ("nl", "Bedankt voor je sollicitatie. Helaas hebben we voor een andere kandidaat gekozen."),
        ("sv", "Tack för din ansökan. Tyvärr har vi gått vidare med en annan kandidat till tjänsten."),
        (
            "pl",
            "Dziękujemy za udział w rekrutacji, niestety tym razem wybraliśmy inną osobę na to stanowisko.",
        ),
        ("ja", "この度はご応募いただきありがとうございます。"),
        ("zh", "感谢您申请我们的职位，很遗憾。"),
        ("ru", "Спасибо за интерес к нашей вакансии, но мы выбрали другого кандидата."),
        ("ar", "نشكركم على اهتمامكم بالوظيفة ولكننا اخترنا مرشحا آخر"),
    ],
)
def test_language(code: str, text: str) -> None:
    """A sentence or two is enough to tell the language."""
    assert detect(text) == code


def test_two_languages_count_as_english() -> None:
    """A mail that says it in French and in English can be read."""
    text = "Merci de votre candidature. Nous avons retenu une autre personne.\n\nThank you for your application. We have chosen somebody else for this role."
    assert detect(text) == "en"
