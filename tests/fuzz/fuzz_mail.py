"""A target for atheris: the splitter, the parser and the cleaner on whatever bytes it finds.

    python tests/fuzz/fuzz_mail.py -max_total_time=60 CORPUS_FOLDER

Ends with the input that did it as soon as anything but one of our own errors is raised, or an input takes too long.
"""

import sys

import atheris

with atheris.instrument_imports(include=["rejoinder"]):
    from rejoinder.errors import RejoinderError
    from rejoinder.mail.cleaning import clean
    from rejoinder.mail.mbox import first_byte, split
    from rejoinder.mail.parsing import parse
    from rejoinder.mail.roles import mailbox_role


def one_input(data: bytes) -> None:
    """Split what may be a mailbox, and read every mail in it."""
    first = first_byte(data)
    half = first + len(data[first:]) // 2
    mails = list(split([data[first:half], data[half:]], first, len(data), True)) if first < len(data) else []
    for mail in [data, *(mail.raw for mail in mails)]:
        try:
            message = parse(mail)
            mailbox_role(message, message.subject)
            clean(message)
        except RejoinderError:
            continue


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
