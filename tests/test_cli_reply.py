"""`rejoinder reply` from outside: streams, formats, exit codes."""

import email
import json
import mailbox
import os
import re
import sys
from email import policy
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from rejoinder.cli import main

TODAY = "2026-03-12"
FINAL = "final_round_no.eml"
FORM = "ats_form_no.eml"
SOFT = "soft_no.txt"


@pytest.fixture
def reply(samples):
    """`reply` on a sample (or any path, or standard input) within this process."""

    def run(mail, *arguments, stdin=None, today=TODAY):
        dates = ["--today", today] if today else []
        path = samples / mail if isinstance(mail, str) and (samples / mail).is_file() and mail else mail
        mails = [] if mail is None else [str(path)]
        return CliRunner().invoke(main, ["reply", *dates, *map(str, arguments), *mails], input=stdin)

    return run


def test_draft_on_stdout_reading_on_stderr(reply):
    """The drafts are on standard output, the reading and the plan on standard error."""
    done = reply(FINAL)
    assert done.exit_code == 0
    assert done.stdout.startswith(
        "To: Miriam Osei <miriam.osei@larkfieldrobotics.com>\nSubject: Re: Senior Firmware Engineer - our decision\n\nDear Miriam,\n"
    )
    assert done.stdout.endswith("regards,\nDana Li\n")
    assert "A rejection: hard no" in done.stderr
    assert "What to do:" in done.stderr
    assert "A rejection" not in done.stdout
    assert "Dear Miriam" not in done.stderr


def test_later_drafts_follow_under_their_day(reply):
    """Drafts for later follow the first under a line that says when to send them."""
    done = reply(FINAL)
    first, line, second = re.split(r"^(----- send on .* -----)\n", done.stdout, flags=re.MULTILINE)
    assert line == "----- send on Wed 18 March -----"
    assert first.count("Subject: ") == second.count("Subject: ") == 1


def test_blanks_are_counted_on_stderr(reply):
    """What is left to fill in is counted, with the option that fills it."""
    done = reply(FINAL)
    assert "1 blank to fill in" in done.stderr
    assert "--mention" in done.stderr
    assert "[one thing from your conversations]" in done.stdout
    done = reply(FINAL, "--mention", "the walk through the lab")
    assert "blank" not in done.stderr
    assert "What stays with me is the walk through the lab." in done.stdout


def test_form_mail_from_a_dead_address(reply):
    """A form mail from a no-reply address ends with 3, the reason on stderr and nothing on stdout."""
    done = reply(FORM)
    assert done.exit_code == 3
    assert done.stdout == ""
    assert "No reply: no-reply@penhallowlogistics.com does not take replies." in done.stderr


def test_soft_no(reply):
    """A soft no is answered with interest and without a goodbye."""
    done = reply(SOFT)
    assert done.exit_code == 0
    assert "I would be glad to pick it up again" in done.stdout
    assert "soft no" in done.stderr
    assert done.stdout.startswith(
        "To: Tomasz Wilk <tomasz@quillandkite.com>\nSubject: Re: Product designer\n\n"
    )


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--me", "Zoë Åkesson", "regards,\nZoë Åkesson\n"),
        ("--to-name", "Dr Osei", "Dear Dr Osei,"),
        ("--company", "Kite & Quill", "at Kite & Quill"),
        ("--role", "Cellist", "the Cellist role"),
        ("--mention", "the {{ 7*7 }} tour", "the {{ 7*7 }} tour."),
    ],
)
def test_wishes(option, value, expected, reply):
    """What the candidate says wins over what the mail says."""
    done = reply(FINAL, option, value)
    assert done.exit_code == 0
    assert expected in done.stdout


@pytest.mark.parametrize(
    ("stage", "templates", "later"),
    [
        ("initial", ["acknowledge"], None),
        ("mid", ["thank_you", "feedback_request"], "2026-03-17"),
        ("final", ["thank_you", "feedback_request"], "2026-03-18"),
    ],
)
def test_stage_option(stage, templates, later, reply):
    """The stage given decides, and is said to come from the option."""
    done = reply(FINAL, "--stage", stage, "--format", "json")
    made = json.loads(done.stdout)
    assert (made["stage"], made["stage_source"]) == (stage, "option")
    assert [one["template"] for one in made["drafts"]] == templates
    if later:
        assert made["drafts"][1]["send_on"] == later


@pytest.mark.parametrize(
    ("kind", "template"),
    [("thanks", "thank_you"), ("feedback", "feedback_request"), ("keep-in-touch", "keep_in_touch")],
)
@pytest.mark.parametrize("mail", [FINAL, SOFT])
def test_kind_option(kind, template, mail, reply):
    """A kind asked for is the one draft there is, to be sent today."""
    made = json.loads(reply(mail, "--kind", kind, "--format", "json").stdout)
    assert [(one["template"], one["send_on"]) for one in made["drafts"]] == [(template, TODAY)]


def test_kind_does_not_revive_a_dead_address(reply):
    """No kind makes a dead address answerable."""
    for kind in ("thanks", "feedback", "keep-in-touch"):
        assert reply(FORM, "--kind", kind).exit_code == 3


def test_json(reply):
    """As JSON, one object with all keys and the drafts stands alone on standard output."""
    done = reply(FINAL, "--format", "json")
    made = json.loads(done.stdout)
    assert done.exit_code == 0
    assert made["draft"] == made["drafts"][0]
    assert made["company"] == "Larkfield Robotics"
    assert made["source"].endswith(FINAL)
    assert made["draft"]["in_reply_to"] == "<20260302164108.4411@larkfieldrobotics.com>"
    assert made["draft"]["references"] == [
        "<c0ffee-21@example.org>",
        "<c0ffee-22@example.org>",
        "<20260302164108.4411@larkfieldrobotics.com>",
    ]


def test_json_without_a_reply(reply):
    """Where there is no reply the object says so on stdout, with the reason on stderr too and exit code 3."""
    done = reply(FORM, "--format", "json")
    assert done.exit_code == 3
    assert "No reply: " in done.stderr
    made = json.loads(done.stdout)
    assert (made["drafts"], made["draft"], made["reply"]["possible"]) == ([], None, False)
    assert made["reply"]["reason"] in done.stderr


def test_eml_on_stdout(reply):
    """As eml, the first draft is on standard output, threaded and unsent."""
    done = reply(FINAL, "--format", "eml")
    mail = email.message_from_bytes(done.stdout_bytes, policy=policy.default)
    assert mail["X-Unsent"] == "1"
    assert mail["To"] == "Miriam Osei <miriam.osei@larkfieldrobotics.com>"
    assert mail["In-Reply-To"] == "<20260302164108.4411@larkfieldrobotics.com>"
    assert mail.get_content().startswith("Dear Miriam,")
    assert mail["Date"] is None
    assert mail["Message-ID"] is None


def test_eml_into_a_file(reply, tmp_path):
    """`-o FILE.eml` gets the first draft, is named on stderr, and standard output stays empty."""
    target = tmp_path / "draft.eml"
    done = reply(FINAL, "--format", "eml", "-o", target)
    assert (done.exit_code, done.stdout) == (0, "")
    assert f"Wrote {target}" in done.stderr
    assert target.read_bytes().startswith(b"X-Unsent: 1\r\n")


def test_eml_into_a_folder(reply, tmp_path):
    """`-o DIR` gets one file a draft."""
    done = reply(FINAL, "--format", "eml", "-o", tmp_path / "drafts")
    assert (done.exit_code, done.stdout) == (0, "")
    assert sorted(path.name for path in (tmp_path / "drafts").iterdir()) == [
        "1-thank_you-2026-03-12.eml",
        "2-feedback_request-2026-03-18.eml",
    ]


@pytest.mark.parametrize("form", ["text", "json", "eml", "mailto"])
def test_output_file_is_never_overwritten(form, reply, tmp_path):
    """A file that is there stays, whatever the format, and the end is 1."""
    target = tmp_path / "draft.eml"
    target.write_bytes(b"mine")
    done = reply(SOFT, "--format", form, "-o", target)
    assert done.exit_code == 1
    assert target.read_bytes() == b"mine"
    assert [line for line in done.stderr.splitlines() if line.startswith("Error: ")]


@pytest.mark.parametrize("form", ["text", "json", "mailto"])
def test_output_file(form, reply, tmp_path):
    """`-o` writes to the file what would stand on standard output."""
    target = tmp_path / "out"
    done = reply(SOFT, "--format", form, "-o", target)
    assert (done.exit_code, done.stdout) == (0, "")
    assert target.read_text("utf-8") == reply(SOFT, "--format", form).stdout


def test_nothing_is_written_where_there_is_no_reply(reply, tmp_path):
    """No file and no folder appear when there is nothing to send."""
    for form in ("text", "eml", "mailto"):
        assert reply(FORM, "--format", form, "-o", tmp_path / form).exit_code == 3
        assert not (tmp_path / form).exists()


def test_mailto(reply):
    """As mailto, one link of at most 1,600 characters stands on standard output."""
    done = reply(SOFT, "--format", "mailto")
    assert done.exit_code == 0
    (line,) = done.stdout.splitlines()
    assert len(line) <= 1600
    parts = urlsplit(line)
    assert parts.path == "tomasz@quillandkite.com"
    assert parse_qs(parts.query)["subject"] == ["Re: Product designer"]


def test_mailto_too_long(reply):
    """A draft too long for a link is an error that names the format to use."""
    done = reply(SOFT, "--format", "mailto", "--mention", "a long talk about " + "glass " * 300)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "--format eml" in done.stderr


@pytest.mark.parametrize("argument", ["-", None])
def test_standard_input(argument, reply, samples):
    """`-` and nothing read the mail from standard input."""
    done = reply(argument, stdin=(samples / SOFT).read_bytes())
    assert done.exit_code == 0
    assert done.stdout == reply(SOFT).stdout


@pytest.mark.parametrize("today", ["2026-03-13", "2026-03-14", "2026-03-15"])
def test_today(today, reply):
    """Dates are counted in working days from the day given."""
    made = json.loads(reply(FINAL, "--format", "json", today=today).stdout)
    assert [one["send_on"] for one in made["drafts"]] == [today, "2026-03-19"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--stage", "early"],
        ["--kind", "angry"],
        ["--format", "pdf"],
        ["--today", "tomorrow"],
        ["--today", "2026-02-30"],
        ["--no-such-option"],
        ["another.eml"],
    ],
)
def test_usage_errors(arguments, reply):
    """A wrong option or value ends with 2 and draws nothing on standard output."""
    done = reply(FINAL, *arguments, today=None)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Usage:" in done.stderr


def test_own_templates(reply, tmp_path, home):
    """Templates come from the option, else from the user's folder."""
    (tmp_path / "keep_in_touch.txt.j2").write_text("chosen", "utf-8")
    assert reply(SOFT, "--templates", tmp_path).stdout.endswith("\n\nchosen\n")
    folder = home / "templates" / "replies"
    folder.mkdir(parents=True)
    (folder / "keep_in_touch.txt.j2").write_text("own", "utf-8")
    assert reply(SOFT).stdout.endswith("\n\nown\n")


def test_other_language(reply):
    """A mail in another language is not called a rejection or none: nothing is drafted, and why is said."""
    text = (
        "Liebe Dana,\n\nvielen Dank für Ihre Bewerbung. Leider haben wir uns für eine andere Person entschieden "
        "und wünschen Ihnen für die Zukunft alles Gute.\n\nMit freundlichen Grüßen\nAda Moor"
    )
    done = reply(None, stdin=text.encode())
    assert (done.exit_code, done.stdout) == (3, "")
    assert "another language (de)" in done.stderr
    assert "Cannot tell" in done.stderr
    assert "Not a rejection" not in done.stderr


def test_as_a_process(rejoinder, samples):
    """As a process: draft on stdout as UTF-8, reading on stderr, exit code 0."""
    done = rejoinder(
        "reply", "--today", TODAY, "--me", "Zoë", samples / FINAL, PYTHONIOENCODING="ascii", LC_ALL="C"
    )
    assert done.returncode == 0
    assert "Zoë" in done.stdout.decode("utf-8")
    assert b"A rejection: hard no" in done.stderr


def test_no_reply_as_a_process(rejoinder, samples):
    """As a process: exit code 3, an empty stdout, the reason on stderr."""
    done = rejoinder("reply", samples / FORM)
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"No reply: " in done.stderr


def test_stdin_as_a_process(rejoinder, samples):
    """As a process: a mail by pipe, with and without `-`."""
    raw = (samples / SOFT).read_bytes()
    one, two = (
        rejoinder("reply", "--today", TODAY, stdin=raw),
        rejoinder("reply", "--today", TODAY, "-", stdin=raw),
    )
    assert one.returncode == two.returncode == 0
    assert one.stdout == two.stdout


def test_usage_as_a_process(rejoinder):
    """As a process: a wrong option ends with 2."""
    assert rejoinder("reply", "--nonsense").returncode == 2


def test_closed_pipe(rejoinder, samples, tmp_path):
    """A reader that goes away early leaves no traceback behind."""
    import os
    import subprocess
    import sys

    read, write = os.pipe()
    os.close(read)
    with subprocess.Popen(
        [sys.executable, "-m", "rejoinder", "reply", str(samples / FINAL)],
        stdout=write,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(write)
        _, talk = process.communicate(timeout=10)
    assert b"Traceback" not in talk
    assert b"Exception ignored" not in talk


def test_days_are_in_words(reply):
    """The plan names its days as people do, with the pause before the first reply."""
    talk = " ".join(reply(FINAL).stderr.split())
    assert "- Thu 12 March: send the thank-you, once you are calm: in an hour, or by Fri 13 March." in talk
    assert "- Wed 18 March (Thu 19 March at the latest): send the feedback question." in talk
    assert "2026" not in talk
    assert "feedback_request" not in talk


def test_another_year_is_named(reply):
    """A day in another year than the plan's first says so."""
    done = reply(FINAL, today="2026-12-30")
    assert "Wed 30 December: send" in done.stderr
    assert "Tue 5 January 2027" in done.stderr
    assert "----- send on Tue 5 January 2027 -----" in done.stdout


def test_country_and_wait(reply):
    """Public holidays and the wait asked for move the feedback request."""
    for arguments, day in [
        ([], "2026-04-08"),
        (["--country", "DE"], "2026-04-10"),
        (["--wait", "1"], "2026-04-03"),
        (["--country", "gb-eng", "--wait", 2], "2026-04-08"),
    ]:
        made = json.loads(reply(FINAL, "--format", "json", *arguments, today="2026-04-02").stdout)
        assert made["drafts"][1]["send_on"] == day, arguments
        assert made["plan"][1]["until"] > day
    assert made["plan"][0]["pause_hours"] == 1


@pytest.mark.parametrize("country", ["ZZ", "Germany", "US-XX", "\x1b[31mDE\n", "x" * 4000], ids=ascii)
@pytest.mark.parametrize("mail", [FINAL, FORM])
def test_unknown_country(mail, country, reply):
    """An unknown country is one error line that says how to find its code, whatever the mail."""
    done = reply(mail, "--country", country)
    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert "two-letter code" in line or "US alone" in line
    assert "\x1b" not in line


@pytest.mark.parametrize("arguments", [["--wait", "0"], ["--wait", "61"], ["--wait", "soon"]])
def test_wait_within_reason(arguments, reply):
    """The wait is a number of days that makes sense."""
    assert reply(FINAL, *arguments).exit_code == 2


def test_a_day_at_the_end_of_time(reply):
    """A date that nothing can follow is one error line."""
    done = reply(FINAL, today="9999-12-31")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "too far ahead" in done.stderr


def test_calendar(reply, tmp_path):
    """`--calendar` writes the plan's days, named on stderr, and leaves standard output as it was."""
    done = reply(FINAL, "--calendar", tmp_path / "plan.ics")
    assert (done.exit_code, done.stdout) == (0, reply(FINAL).stdout)
    assert f"Wrote {tmp_path / 'plan.ics'}" in done.stderr
    data = (tmp_path / "plan.ics").read_bytes()
    assert re.findall(rb"DTSTART;VALUE=DATE:(\d+)", data) == [b"20260312", b"20260318"]
    assert b"SUMMARY:Send the feedback question: Larkfield Robotics\r\n" in data


def test_calendar_names_the_company_given(reply, tmp_path):
    """What the candidate says about the company stands in calendar, reading and JSON."""
    target = tmp_path / "plan.ics"
    done = reply(SOFT, "--company", "Quill and Kite", "--calendar", target, "--format", "json")
    assert json.loads(done.stdout)["company"] == "Quill and Kite"
    assert b"SUMMARY:Send the keep-in-touch note: Quill and Kite\r\n" in target.read_bytes()


def test_calendar_is_never_overwritten(reply, tmp_path):
    """A calendar file that is there stays, and no draft is written either."""
    target = tmp_path / "plan.ics"
    target.write_bytes(b"mine")
    done = reply(FINAL, "--calendar", target, "--format", "eml", "-o", tmp_path / "drafts")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "another name with --calendar" in done.stderr
    assert target.read_bytes() == b"mine"
    assert not (tmp_path / "drafts").exists()


def test_calendar_without_a_day(reply, tmp_path):
    """Where the plan has no day nothing is written, and that is said."""
    done = reply(FORM, "--calendar", tmp_path / "plan.ics")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "no date" in done.stderr
    assert not (tmp_path / "plan.ics").exists()


@pytest.mark.parametrize("place", ["missing/plan.ics", "file/plan.ics", "folder"])
def test_calendar_that_cannot_be_written(place, reply, tmp_path):
    """A calendar that cannot be written is one error line at the end; the drafts are not lost."""
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    done = reply(FINAL, "--calendar", tmp_path / place)
    assert done.exit_code == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert "--calendar" in line


REVIEW_LINE = "\n----- for yourself -----\n# Looking back: Senior Firmware Engineer at Larkfield Robotics\n"


def test_review(reply):
    """`--review` adds the sheet after the drafts, under a line."""
    done = reply(FINAL, "--review")
    drafts, line, sheet = done.stdout.partition(REVIEW_LINE)
    assert line
    assert drafts == reply(FINAL).stdout
    assert "STAR" in sheet
    assert "Miriam Osei" in sheet


def test_review_in_every_format(reply, tmp_path):
    """The sheet stands beside mails in a folder, after a link, in the JSON object, and in no mail."""
    done = reply(FINAL, "--review", "--format", "eml", "-o", tmp_path / "drafts")
    assert (done.exit_code, done.stdout) == (0, "")
    assert sorted(path.name for path in (tmp_path / "drafts").iterdir())[-1] == "review.md"
    assert (tmp_path / "drafts" / "review.md").read_text("utf-8").startswith("# Looking back")
    made = json.loads(reply(FINAL, "--review", "--format", "json").stdout)
    assert made["review"].startswith("# Looking back")
    assert "review" not in json.loads(reply(FINAL, "--format", "json").stdout)
    done = reply(FINAL, "--review", "--format", "eml", "-o", tmp_path / "one.eml")
    assert done.stdout.startswith("# Looking back")
    assert b"Looking back" not in (tmp_path / "one.eml").read_bytes()
    assert REVIEW_LINE in reply(FINAL, "--review", "--format", "mailto").stdout
    done = reply(FINAL, "--review", "--format", "eml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "-o" in done.stderr


def test_review_before_any_interview(reply):
    """After an application alone there is nothing to look back on, and one line says so."""
    done = reply(FINAL, "--review", "--stage", "initial")
    assert (done.exit_code, done.stdout) == (0, reply(FINAL, "--stage", "initial").stdout)
    assert "Nothing to look back on" in done.stderr


def test_review_without_a_reply(reply):
    """Who asks for the sheet gets it where no reply is possible, too."""
    done = reply(FORM, "--review", "--stage", "mid")
    assert done.exit_code == 3
    assert "No reply: " in done.stderr
    assert done.stdout.startswith("# Looking back")


def test_the_ending_says_the_format(reply, tmp_path):
    """Without `--format`, the name after `-o` says which one is meant."""
    for name in ("a.eml", "a.mbox", "a.json", "a.txt", "A.EML"):
        assert reply(FINAL, "-o", tmp_path / name).exit_code == 0
    assert (tmp_path / "a.eml").read_bytes() == (tmp_path / "A.EML").read_bytes()
    assert (tmp_path / "a.eml").read_bytes().startswith(b"X-Unsent: 1\r\n")
    assert json.loads((tmp_path / "a.json").read_bytes())["drafts"]
    assert (tmp_path / "a.txt").read_bytes().startswith(b"To: ")
    box = mailbox.mbox(tmp_path / "a.mbox", create=False)
    assert [mail["X-Unsent"] for mail in box] == ["1", "1"]
    (tmp_path / "folder").mkdir()
    assert reply(FINAL, "-o", tmp_path / "folder").exit_code == 0
    assert len(list((tmp_path / "folder").iterdir())) == 2
    assert reply(FINAL, "--format", "text", "-o", tmp_path / "b.eml").exit_code == 0
    assert (tmp_path / "b.eml").read_bytes().startswith(b"To: ")


@pytest.mark.parametrize("form", ["text", "eml", "json", "mailto"])
@pytest.mark.parametrize("place", ["file/below", "missing/deeper.eml"])
def test_places_that_cannot_be_written(place, form, reply, tmp_path):
    """A place that cannot be written is one error line with what to do."""
    (tmp_path / "file").write_bytes(b"")
    done = reply(SOFT, "--format", form, "-o", tmp_path / place)
    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert "-o" in line


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="who may write everywhere cannot be refused")
def test_folder_without_permission(reply, tmp_path):
    """A folder that the user may not write to is one error line."""
    (tmp_path / "closed").mkdir(mode=0o500)
    done = reply(SOFT, "--format", "eml", "-o", tmp_path / "closed")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "cannot be written" in done.stderr


@pytest.fixture
def no_clipboard(monkeypatch):
    """A machine without a clipboard, as pyperclip itself plays it."""
    import pyperclip

    before = pyperclip.copy, pyperclip.paste
    pyperclip.set_clipboard("no")
    yield
    pyperclip.copy, pyperclip.paste = before


def test_no_clipboard(no_clipboard, reply):
    """Without a clipboard the drafts are printed all the same, and one line says what to do."""
    done = reply(FINAL, "--copy")
    assert done.exit_code == 1
    assert done.stdout == reply(FINAL).stdout
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert "no clipboard" in line
    assert "-o FILE" in line
    assert "http" not in line


@pytest.mark.skipif(sys.platform != "linux", reason="the stand-in is a Linux clipboard program")
def test_clipboard(rejoinder, samples, tmp_path):
    """`--copy` hands the text of the first draft, without its headers, to the clipboard."""
    programs = tmp_path / "bin"
    programs.mkdir()
    xsel = programs / "xsel"
    xsel.write_text(f"#!/bin/sh\n/bin/cat > {tmp_path}/clipboard\n")
    xsel.chmod(0o755)
    (programs / "which").symlink_to("/usr/bin/which")
    done = rejoinder(
        "reply", "--copy", samples / FINAL, PATH=str(programs), DISPLAY=":7", WAYLAND_DISPLAY="", timeout=20
    )
    assert done.returncode == 0, done.stderr
    copied = (tmp_path / "clipboard").read_text("utf-8")
    assert copied.startswith("Dear Miriam,\n")
    assert "Subject:" not in copied
    assert "send on" not in copied
    assert b"in the clipboard" in done.stderr


def test_nothing_to_copy(no_clipboard, reply):
    """Where there is no reply nothing is copied."""
    assert reply(FORM, "--copy").exit_code == 3


def test_mail_without_a_sender(reply):
    """A mail without From gets a draft without To in every format, and a note to add it."""
    text = "Subject: Cellist\n\nDear Dana,\n\nThank you for the interview. Unfortunately we have decided to go with another candidate.\n\nAda Moor\n"
    for form in ("text", "eml", "json", "mailto"):
        done = reply(None, "--stage", "mid", "--format", form, stdin=text)
        assert done.exit_code == 0
        assert "To:" not in done.stdout
        assert "None" not in done.stdout
        assert form == "json" or "add it before you send" in " ".join(done.stderr.split())


def test_names_of_300_characters(reply, tmp_path):
    """Long names in options and headers give drafts that every reader takes."""
    long = "Ünal " * 60
    raw = f"From: {long.encode().decode('latin-1')} <ada@fenwick.example>\nSubject: Cellist\n\nDear Dana,\n\nThank you for the interview. Unfortunately we have decided to go with another candidate.\n\nAda Moor\n"
    done = reply(
        None,
        "--stage",
        "mid",
        "--me",
        long,
        "--to-name",
        long,
        "--format",
        "eml",
        stdin=raw.encode("latin-1"),
    )
    assert done.exit_code == 0
    mail = email.message_from_bytes(done.stdout_bytes, policy=policy.default)
    assert [one.addr_spec for one in mail["To"].addresses] == ["ada@fenwick.example"]
    assert long.strip() in mail.get_content()
    assert (
        reply(
            None,
            "--stage",
            "mid",
            "--company",
            "x" * 300,
            "--calendar",
            tmp_path / "a.ics",
            stdin=raw.encode("latin-1"),
        ).exit_code
        == 0
    )


def test_10000_references(reply):
    """A thread of ten thousand mails keeps its first and its last ones."""
    ids = [f"<{at}@fenwick.example>" for at in range(10_000)]
    raw = (
        "From: Ada Moor <ada@fenwick.example>\nMessage-ID: <last@fenwick.example>\nSubject: Cellist\nReferences: "
        + "\n ".join(ids)
    )
    raw += "\n\nDear Dana,\n\nThank you for the interview. Unfortunately we have decided to go with another candidate.\n\nAda Moor\n"
    made = json.loads(reply(None, "--stage", "mid", "--format", "json", stdin=raw).stdout)["draft"]
    assert made["references"][0] == "<0@fenwick.example>"
    assert made["references"][-1] == "<last@fenwick.example>"
    assert 20 <= len(made["references"]) <= 41
    done = reply(None, "--stage", "mid", "--format", "eml", stdin=raw)
    assert done.stdout.count("@fenwick.example>") == len(made["references"]) + 2  # To and In-Reply-To


def test_tone(reply):
    """The tone changes the words, not the plan; another tone than the two is a usage error."""
    warm, plain = (reply(SOFT, "--tone", tone) for tone in ("warm", "plain"))
    assert warm.exit_code == plain.exit_code == 0
    assert warm.stdout == reply(SOFT).stdout != plain.stdout
    assert len(plain.stdout) < len(warm.stdout)
    assert reply(SOFT, "--tone", "sarcastic").exit_code == 2
