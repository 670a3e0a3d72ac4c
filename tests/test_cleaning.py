"""A message reduced to what its writer said."""

import contextlib
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rejoinder.errors import EmptyLetterError, RejoinderError
from rejoinder.mail.cleaning import MAX_LETTER, clean
from rejoinder.mail.cleaning.endings import cut_endings
from rejoinder.mail.cleaning.html import html_to_text
from rejoinder.mail.cleaning.quotes import cut_quotes
from rejoinder.mail.parsing import parse
from rejoinder.types import Message, Origin, Trimmed

GUARD = 3.0


def read(text):
    return clean(Message.from_text(text))


def page(body, head=""):
    return clean(
        Message("0" * 16, Origin("<test>"), html=f"<html><head>{head}</head><body>{body}</body></html>")
    )


@pytest.mark.parametrize("text", ["", "  \n\n", "...", "-- \n", "\u200b\u200c\ufeff", "***\n---"])
def test_nothing_to_read(text):
    """A message without a word is an error that says what to do."""
    with pytest.raises(EmptyLetterError) as caught:
        read(text)
    assert caught.value.tip


def test_characters():
    """Fillers and control characters go, odd spaces become ordinary, and the length has a limit."""
    assert (
        read("We re\u00adgret\u00a0the\u2003ap\u200bplica\x1btion\ufeff.  \n").text
        == "We regret the application."
    )
    assert len(read("no " * MAX_LETTER).text) <= MAX_LETTER


@pytest.mark.parametrize(
    ("style", "hidden"),
    [
        *[
            (style, True)
            for style in (
                "display:none",
                "DISPLAY : None !important",
                "visibility:hidden",
                "mso-hide:all",
                "opacity:0",
                "opacity: 0.0;",
                "font-size:0",
                "font-size:0px;line-height:0",
                "font-size: 1px",
                "max-height:0;overflow:hidden",
                "height:0px",
                "text-indent:-9999px",
                "position:absolute;left:-9999px",
                "color:#fff",
                "color:#FFFFFF",
                "color: white",
                "color:rgb(255, 255, 255)",
                "background-color:#fff;color:#fff",
            )
        ],
        *[
            (style, False)
            for style in (
                "color:#333",
                "font-size:14px",
                "font-size:10pt",
                "font-size:100%",
                "opacity:1",
                "opacity:0.9",
                "display:block",
                "width:600px",
                "height:100%",
                "color:#fff;background-color:#003366",
                "background-color:white",
                "visibility:visible",
                "max-width:100%",
                "background:url(x.png);color:white",
                "",
            )
        ],
        *[(style, False) for style in ("font-size:1em", "font-size:.9em", "font-size:1.2em;")],
        *[(style, False) for style in ("opacity: 1", "opacity: .9")],
        *[
            (style, False)
            for style in ("border-width:0", "min-height:0", "line-height:0;", "margin-top:-100px")
        ],
        ("font-size:", False),
        *[
            (style, True)
            for style in (
                "color:#fefefe",
                "color:transparent",
                "color:hsl(0,0%,100%)",
                "color:rgb(100%,100%,100%)",
            )
        ],
    ],
)
def test_hidden_by_style(style, hidden):
    """Text that a reader cannot see is trimmed as hidden; any other stays."""
    letter = page(f'<p>Seen.</p><p style="{style}">Secret</p>')
    assert letter.trimmed_text("hidden") == ("Secret" if hidden else "")
    assert ("Secret" in letter.text) is not hidden


@pytest.mark.parametrize(
    ("sheet", "hidden"),
    [
        (".x{display:none}", True),
        ("#y { visibility: hidden }", True),
        ("a{b:c} p.x, .z { color:red; display:none !important }", True),
        ("/* old */ .x{font-size:0}", True),
        ("@media print { .x{display:none} }", False),
        (".other{display:none}", False),
        (".x{color:red}", False),
        ("<!-- .x{display:none} -->", True),
        (".x{font-size:1em}", False),
    ],
)
def test_hidden_by_class(sheet, hidden):
    """A style sheet hides by class and id, except in media queries."""
    letter = page('<p>Seen.</p><p class="x" id="y">Secret</p>', f"<style>{sheet}</style>")
    assert letter.trimmed_text("hidden") == ("Secret" if hidden else "")


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("font-size:0", "font-size:14px"),
        ("color:#fff", "color:#000"),
        ("visibility:hidden", "visibility:visible"),
    ],
)
def test_shown_again(outer, inner):
    """Size, colour and visibility set again inside make the text visible."""
    assert page(f'<div style="{outer}"><p style="{inner}">Dear Ines, no.</p></div>').text == "Dear Ines, no."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>One</p><p>two</p>", "One\n\ntwo"),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("<b>O</b>ne  \n two", "One two"),
        ("<table><tr><td>One</td><td>two</td></tr><tr><td>three</td></tr></table>", "One two\n\nthree"),
        ("Fish &amp; chips &lt;3&nbsp;&euro;", "Fish & chips <3 €"),
        (
            "<script>x()</script><style>p{}</style><!-- c -->One<noscript>no</noscript><!--[if mso]>Outlook<![endif]-->",
            "One",
        ),
        ("<p>One<p>two<div>three", "One\n\ntwo\n\nthree"),
        ("<blockquote>Your tests were thin</blockquote>", "Your tests were thin"),
        ("<pre>One\ntwo</pre>", "One\ntwo"),
    ],
)
def test_html_to_text(body, text):
    """Blocks and breaks become lines, and what is no text goes."""
    assert html_to_text(f"<html><body>{body}</body></html>") == (text, ())


@pytest.mark.parametrize(
    "quote",
    [
        '<blockquote type="cite">old words</blockquote>',
        '<div class="gmail_quote">On Mon, 2 Mar 2026 Ines wrote:<blockquote>old words</blockquote></div>',
        "<p>On Mon, 2 Mar 2026 Ines wrote:</p><blockquote>old words</blockquote>",
        '<div class="yahoo_quoted">old words</div>',
        "<hr><b>From:</b> Ines<br><b>Sent:</b> Monday<br><b>To:</b> Ada<br><b>Subject:</b> x<br><p>old words</p>",
    ],
)
def test_quotes_in_html(quote):
    """What a mail program marked as quoted is trimmed as quote."""
    letter = page(f"<p>Dear Ines, no.</p>{quote}")
    assert letter.text == "Dear Ines, no."
    assert "old words" in letter.trimmed_text("quote")


@pytest.mark.parametrize(
    ("plain", "html", "wins"),
    [
        (
            "Your mail client cannot show HTML.",
            "<p>Dear Ines, we chose someone else for the post this time, sorry.</p>",
            "html",
        ),
        ("https://quill.example/view", "<p>Dear Ines, we chose someone else.</p>", "html"),
        ("", "<p>Dear Ines, no.</p>", "html"),
        ("Dear Ines, no.", "<p>Dear Ines, no.</p>", "plain"),
        ("Dear Ines, no.", "", "plain"),
        ("word " * 60, "<p>" + "other " * 300 + "</p>", "plain"),
        ("https://quill.example/a " * 60, "<p>" + "other " * 300 + "</p>", "html"),
    ],
)
def test_which_part_is_read(plain, html, wins):
    """The plain part is read unless it is empty, a stub or mostly links."""
    letter = clean(Message("0" * 16, Origin("<test>"), plain=plain, html=html))
    assert letter.text == (plain.strip() if wins == "plain" else re.sub("</?p>", "", html).strip())


@pytest.mark.parametrize(
    "heading",
    [
        "On 2 March 2026, Ines Roth <ines@post.example> wrote:",
        "On Mon, Mar 2, 2026 at 6:41 PM Ines Roth <ines@post.example>\nwrote:",
        "On Mon, Mar 2, 2026 at 6:41 PM Ines Roth\n<ines@post.example>\nwrote:",
        "Am 02.03.2026 um 18:41 schrieb Ines Roth:",
        "Le lun. 2 mars 2026 à 18:41, Ines Roth a écrit :",
        "-----Original Message-----",
        "________________________________\nFrom: Ines\nSent: Monday\nTo: Ada\nSubject: x",
        "From: Ines\nSent: Monday\nTo: Ada\nSubject: x",
        "*From:* Ines\n*Sent:* Monday\n*To:* Ada",
        "Von: Ines\nGesendet: Montag\nAn: Ada\nBetreff: x",
    ],
)
def test_earlier_mail_below(heading):
    """An earlier mail goes from its heading to the end."""
    kept, cuts = cut_quotes(f"Dear Ines, no.\n\n{heading}\n\nold words\n")
    assert kept.strip() == "Dear Ines, no."
    assert [cut.kind for cut in cuts] == ["quote"]
    assert "old words" in cuts[0].text


def test_answers_between_quotes_stay():
    """Lines marked with > go wherever they stand."""
    kept, cuts = cut_quotes("> one\nfirst\n>> two\nsecond")
    assert kept == "first\nsecond"
    assert cuts == [Trimmed("quote", "> one\n>> two")]


@pytest.mark.parametrize(
    "text",
    [
        "On Monday we met.\nShe wrote:\nIt was close.",
        "From: the panel, with thanks.\nIt was close.",
        "We gave a > b some thought.",
        "Dear Ines,\n\nOn your task our reviewer wrote:\n\nThe tests were thin.",
    ],
)
def test_prose_is_no_quote(text):
    """Sentences that only resemble a quoted mail stay."""
    assert cut_quotes(text) == (text, [])


@pytest.mark.parametrize(
    "text",
    [
        "> Dear Ines,\n> no.",
        "On 2 March 2026 Ada wrote:\n> Dear Ines,\n> no.",
        "---------- Forwarded message ---------\nFrom: Ada\nDate: Monday\nSubject: x\nTo: Ines\n\nDear Ines,\nno.",
        "Begin forwarded message:\n\nFrom: Ada\nSubject: x\n\nDear Ines,\nno.",
        "-----Original Message-----\nFrom: Ada\nSent: Monday\nTo: Ines\nSubject: x\n\nDear Ines,\nno.",
    ],
)
def test_a_quote_alone_is_the_letter(text):
    """Where nothing else was written, the quoted or forwarded mail is what there is to read."""
    assert read(text).text == "Dear Ines,\nno."


@pytest.mark.parametrize(
    ("ending", "kept", "kind"),
    [
        ("\n-- \nAda Finch\nQuill Ltd", "", "signature"),
        ("\n--\nAda Finch", "", "signature"),
        (
            "\nKind regards,\nAda Finch\nHead of People\nQuill Ltd\n+44 20 5550 1234",
            "\nKind regards,\nAda Finch",
            "signature",
        ),
        ("\nBest,\nAda\n\nQuill Ltd | www.quill.example", "\nBest,\nAda", "signature"),
        ("\n\nSent from my phone", "", "footer"),
        ("\n\nThis e-mail and its attachments are confidential.", "", "footer"),
        ("\n\nUnsubscribe | Privacy policy", "", "footer"),
        ("\n\n© 2026 Quill Ltd, registered in England, company no 1234", "", "footer"),
        ("\n\nPlease do not reply to this message, the mailbox is not monitored.", "", "footer"),
        ("\n\n==========", "", "footer"),
    ],
)
def test_endings(ending, kept, kind):
    """Signatures and fine print are trimmed; the writer's name stays."""
    text, cuts = cut_endings("Dear Ines,\n\nwe chose someone else." + ending)
    assert text == "Dear Ines,\n\nwe chose someone else." + kept
    assert [cut.kind for cut in cuts] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ines,\n\nno.\n\nKind regards,\nAda",
        "Dear Ines,\n\nno.\n\nBest,\nAda\n\nP.S. Do apply again.",
        "Dear Ines,\n\nyour application for the privacy policy position was unsuccessful.",
        "Unsubscribe tooling was your weak spot.",
        "Hi Ines,\n\nThank you.\n\nWe chose someone else.\nYour tests were thin.",
        "Dear Ines,\n\nYour experience in data protection was not deep enough.\n\nAda",
        "Dear Ines,\n\nThe service you built, powered by Kafka, lost messages.\n\nAda",
        "Reply above this line\n--\nDear Ines,\n\nwe regret that the post is filled.",
    ],
)
def test_letters_keep_their_text(text):
    """What the writer said to the candidate is neither signature nor footer."""
    assert cut_endings(text) == (text, [])


SENTENCE = st.lists(
    st.sampled_from(
        [
            "we",
            "have",
            "read",
            "your",
            "papers",
            "with",
            "care",
            "and",
            "chose",
            "another",
            "person",
            "this",
            "time",
            "sorry",
        ]
    ),
    min_size=3,
    max_size=12,
).map(lambda words: " ".join(words).capitalize() + ".")
ENDINGS = st.sampled_from(
    [
        "",
        "\n\nKind regards,\nAda",
        "\n-- \nAda Finch\nQuill",
        "\n\nOn 2 March 2026 Ines wrote:\n> old",
        "\n\nUnsubscribe here",
    ]
)


@settings(deadline=None)
@given(st.lists(SENTENCE, min_size=1, max_size=5), ENDINGS)
def test_cleaning_its_own_text_changes_nothing(sentences, ending):
    """A cleaned letter is clean, and holds every sentence that was written."""
    text = "\n\n".join(sentences)
    letter = read(text + ending)
    assert letter.text.startswith(text)
    assert read(letter.text).text == letter.text


@settings(deadline=None)
@given(st.lists(SENTENCE, min_size=1, max_size=5))
def test_html_reads_like_plain(sentences):
    """The same paragraphs read the same from HTML as from plain text."""
    assert page("".join(f"<p>{one}</p>" for one in sentences)).text == read("\n\n".join(sentences)).text


def html(body):
    return b"From: a@b.example\nContent-Type: text/html\n\n" + body


def plain(body):
    return b"From: a@b.example\n\n" + body


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(html(b"<a " * 7000), id="a"),
        pytest.param(html(b"<!-- " * 30_000), id="comments"),
        pytest.param(html(b"<div>" * 20_000 + b"hi"), id="divs"),
        pytest.param(html(b"<table><tr><td>" * 6000 + b"hi"), id="tables"),
        pytest.param(html(b"<blockquote>" * 20_000 + b"hi"), id="blockquotes"),
        pytest.param(html(b"<blockquote type=cite>" * 20_000 + b"hi"), id="cites"),
        pytest.param(html(b"<blockquote>a</blockquote>" * 14_000), id="many-blockquotes"),
        pytest.param(html(b"<span style='display:none'>" * 20_000 + b"hi"), id="hidden"),
        pytest.param(html(b"<span style='color:white;background:blue'>" * 8800 + b"hi"), id="white"),
        pytest.param(html(b"<p>X wrote:</p><blockquote>a</blockquote>" * 6700), id="answers"),
        pytest.param(html(b"<" * 1_000_000), id="less-than"),
        pytest.param(html(b"&#" * 400_000), id="entities"),
        pytest.param(html(b" " * 1_000_000 + b"x"), id="html-spaces"),
        pytest.param(html(b"<p style='" + b"background:" * 80_000 + b"'>hi"), id="style-attribute"),
        pytest.param(html(b"<p style='opacity:" + b"0" * 900_000 + b"x'>hi"), id="zeros"),
        pytest.param(html((b"<style>" + b"@media " * 14_000 + b"</style>") * 2 + b"hi"), id="media"),
        pytest.param(plain(b">" * 1_000_000), id="marks"),
        pytest.param(plain(b"> a\n" * 250_000), id="quoted-lines"),
        pytest.param(plain(b">\n" * 500_000), id="empty-quotes"),
        pytest.param(plain(b"On \n" * 100_000), id="on-lines"),
        pytest.param(plain(b"On " * 100_000), id="ons"),
        pytest.param(plain(b"On Mon 2 wrote\n" * 100_000), id="wrote"),
        pytest.param(plain(b" " * 1_000_000 + b"x"), id="spaces"),
        pytest.param(plain(b"Hi\n\n" + b"\t " * 500_000 + b"x"), id="tabs"),
        pytest.param(plain(b"kind" + b" " * 60_000 + b"regards"), id="valediction"),
        pytest.param(plain(b".\n" * 2700 + b"x"), id="lines"),
        pytest.param(plain(b"Hi\n" + b"-" * 60_000 + b"x"), id="dashes"),
        pytest.param(plain(b"Hi\n\n" + b"this email " * 6000), id="footers"),
        pytest.param(plain(b"Hi\n\nRegards\nX\n" + b"1 " * 30_000), id="digits"),
        pytest.param(plain(b"Hi\n" + b"__________\n" * 5000), id="rules"),
    ],
)
def test_hostile_letters_end_soon(raw):
    """Cleaning takes time in proportion to the mail, and raises nothing unforeseen."""
    start = time.process_time()
    with contextlib.suppress(RejoinderError):
        clean(parse(raw))
    assert time.process_time() - start < GUARD
