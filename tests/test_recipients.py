"""Whether a reply reaches anybody, for every shape of sender."""

import dataclasses

import pytest

from rejoinder import Address, Trimmed, clean, parse, plan
from rejoinder.reply.recipients import route
from rejoinder.reply.relays import FREE_MAIL, RELAY_DOMAINS, in_domain, is_live_relay

UNREAD = "Please do not reply to this e-mail."

#: From, whether a reply is possible.
SENDERS = [
    # no-reply in all its spellings
    ("no-reply@brindlecove.example", False),
    ("noreply@brindlecove.example", False),
    ("no_reply@brindlecove.example", False),
    ("no.reply@brindlecove.example", False),
    ("No-Reply@brindlecove.example", False),
    ("NOREPLY@brindlecove.example", False),
    ("noreply2@brindlecove.example", False),
    ("no-reply-careers@brindlecove.example", False),
    ("noreply+ab12cd@brindlecove.example", False),
    ("noreply.hr@brindlecove.example", False),
    ("careers-noreply@brindlecove.example", False),
    ("careers.no-reply@brindlecove.example", False),
    ("hr_noreply@brindlecove.example", False),
    ("brindlecove+noreply@brindlecove.example", False),
    ("do-not-reply@brindlecove.example", False),
    ("donotreply@brindlecove.example", False),
    ("do_not_reply@brindlecove.example", False),
    ("DoNotReply@brindlecove.example", False),
    ("jobs-donotreply@brindlecove.example", False),
    ("autoreply@brindlecove.example", False),
    ("auto-reply@brindlecove.example", False),
    ("mailer-daemon@brindlecove.example", False),
    ("MAILER-DAEMON@brindlecove.example", False),
    ("postmaster@brindlecove.example", False),
    ("bounce@brindlecove.example", False),
    ("bounces@brindlecove.example", False),
    ("bounce+4471-dana=example.org@brindlecove.example", False),
    ("bounces-991@brindlecove.example", False),
    ("notification@brindlecove.example", False),
    ("notifications@brindlecove.example", False),
    ("notifications-hr@brindlecove.example", False),
    ("ats.notifications@brindlecove.example", False),
    ("no-reply@us.greenhouse-mail.io", False),
    ("no-reply@hire.lever.co", False),
    ("noreply@candidates.workablemail.com", False),
    ("no-reply@ashbyhq.com", False),
    ("notification@smartrecruiters.com", False),
    # people and teams
    ("ada.moor@fenwick.example", True),
    ("careers@fenwick.example", True),
    ("jobs@fenwick.example", True),
    ("recruiting@fenwick.example", True),
    ("hello@fenwick.example", True),
    ("ada@gmail.com", True),
    # names that only look like it
    ("norepton@fenwick.example", True),
    ("noreen.plyer@fenwick.example", True),
    ("bouncer.bob@fenwick.example", True),
    ("reply@fenwick.example", True),
    ("ada@noreply.example", True),
    ("ada@notifications.example", True),
    # relays that reach a person
    ("fenwick+c4d1@candidates.workablemail.com", True),
    ("conversations@message.teamtailor.com", True),
    ("fenwick-jobs@m-personio.de", True),
    ("fenwick-jobs@m-personio.com", True),
    ("job.k3j2@fenwick.recruitee.com", True),
    ("fenwick.9a8b@breezy-mail.com", True),
    ("fenwick+77@app.bamboohr.com", True),
    ("fenwick+email+1k9z-x@talent.icims.com", True),
    ("ada9x_kk2@indeedemail.com", True),
    ("8f2.q@reply.lever.co", True),
    # look-alikes of relays: an ordinary address, not a relay
    ("careers@notlever.co", True),
    ("careers@myworkablemail.com", True),
    ("fenwick-jobs@am-personio.de", True),
    ("careers@lever.co.example", True),
]


@pytest.mark.parametrize(("address", "possible"), SENDERS, ids=[address for address, _ in SENDERS])
def test_sender_shapes(address, possible, message, letter):
    """The local part decides whether a reply is possible, whoever the domain belongs to."""
    found = route(message(sender=address), letter())
    assert found.possible is possible
    assert found.to == Address("", address)
    assert (found.reason is None) is possible
    if not possible:
        daemon = address.lower().startswith("mailer-daemon")
        assert found.reason == "it is a delivery report, not a letter" if daemon else address in found.reason


def test_table_is_long():
    """The table covers at least sixty different senders."""
    assert len({address for address, _ in SENDERS}) >= 60


LIVE = [
    "fenwick+c4d1@candidates.workablemail.com",
    "conversations@message.teamtailor.com",
    "conversations+17@message.teamtailor.com",
    "fenwick-jobs@m-personio.de",
    "fenwick-jobs@m-personio.com",
    "job.k3j2@fenwick.recruitee.com",
    "fenwick.9a8b@app.breezy.hr",
    "fenwick+77@app.bamboohr.com",
    "fenwick+email+1k9z-x@talent.icims.com",
    "ada9x_kk2@indeedemail.com",
]
NOT_LIVE = [
    "ada@fenwick.example",
    "x@notworkablemail.com",
    "conversations@message.notteamtailor.com",
    "ada@message.teamtailor.com",
    "fenwick-jobs@am-personio.de",
    "fenwick@talent.icims.com",
    "fenwick+email+1k9z@icims.com.example",
    "ada@notindeedemail.com",
    "job@recruitee.com.example",
]


@pytest.mark.parametrize("address", LIVE)
def test_live_relays_beat_the_footer(address, message, letter):
    """A relay known to reach a person takes a reply although the fine print says otherwise."""
    assert is_live_relay(Address("", address))
    found = route(message(sender=address), letter(trimmed=[Trimmed("footer", UNREAD)]))
    assert found.possible
    assert found.to.address == address


@pytest.mark.parametrize("address", NOT_LIVE)
def test_no_relay(address, message, letter):
    """An address that is no known relay is believed to be unread when the mail says so."""
    assert not is_live_relay(Address("", address))
    found = route(message(sender=address), letter(trimmed=[Trimmed("footer", UNREAD)]))
    assert not found.possible


@pytest.mark.parametrize(
    "address", ["noreply@fenwick.recruitee.com", "no-reply@app.bamboohr.com", "noreply@indeedemail.com"]
)
def test_a_relay_no_reply_is_dead(address, message, letter):
    """A no-reply address stays dead on a live relay's domain too."""
    assert not route(message(sender=address), letter()).possible


@pytest.mark.parametrize(
    ("domain", "inside"),
    [
        ("lever.co", True),
        ("hire.lever.co", True),
        ("a.b.lever.co", True),
        ("HIRE.LEVER.CO", True),
        ("notlever.co", False),
        ("lever.co.example", False),
        ("clever.co", False),
        ("co", False),
        ("", False),
    ],
)
def test_domains_match_on_a_label(domain, inside):
    """A domain is a relay's when it is the relay's or stands below it, never when it only ends like it."""
    assert in_domain(domain, RELAY_DOMAINS) is inside


def test_free_mail_is_no_relay():
    """Free mail providers and applicant tracking systems are different lists."""
    assert not FREE_MAIL & RELAY_DOMAINS


@pytest.mark.parametrize(
    ("sender", "reply_to"),
    [
        ("no-reply@fenwick.example", "ada.moor@fenwick.example"),
        ("no-reply@us.greenhouse-mail.io", "talent@fenwick.example"),
        ("notifications@smartrecruiters.com", "fenwick+9@smartrecruiters.com"),
        ("mailer@fenwick.example", "fenwick+email+1k9z-x@talent.icims.com"),
    ],
)
def test_alive_reply_to(sender, reply_to, message, letter):
    """A living Reply-To behind a dead From takes the reply."""
    found = route(message(sender=sender, reply_to=reply_to), letter())
    assert found.possible
    assert found.to.address == reply_to
    assert found.warning is None


def test_dead_reply_to(message, letter):
    """A dead Reply-To forbids a reply although From is a person."""
    found = route(
        message(sender="Ada Moor <ada@fenwick.example>", reply_to="noreply@fenwick.example"), letter()
    )
    assert not found.possible
    assert "noreply@fenwick.example" in found.reason


@pytest.mark.parametrize(
    "sentence",
    [
        "This mailbox is not monitored.",
        "This mailbox is unmonitored.",
        "Please note that this inbox is not regularly checked.",
        "This is an unattended mailbox.",
        "This email address is not monitored, so nobody will see your answer.",
        "Please do not reply to this e-mail.",
        "Please don't reply to this message.",
        "Do not respond directly to this email.",
        "Replies to this message are not read.",
        "Replies to this email will not be answered.",
        "We are unable to accept replies.",
        "This address cannot receive emails.",
        "This message was sent from a notification-only address that cannot accept incoming e-mail.",
        "This e-mail was sent from an unmonitored mailbox.",
        "This inbox isn't monitored.",
        "Replies to this mailbox are not read.",
        "DO NOT REPLY TO THIS EMAIL",
        "This is an automated message, please do not reply.",
        "Please do not reply directly to this automated e-mail, as the address is no longer monitored.",
        "This message comes from a no-reply address.",
        "This mailbox isn’t checked.",
    ],
)
@pytest.mark.parametrize("place", ["text", "footer", "signature"])
def test_body_says_unread(sentence, place, message, letter):
    """A mail that says nobody reads replies, in its text or its fine print, is not answered."""
    if place == "text":
        given = letter(f"Dear Dana,\n\nno.\n\n{sentence}\n\nKind regards,\nAda")
    else:
        given = letter(trimmed=[Trimmed(place, sentence)])
    found = route(message(), given)
    assert not found.possible
    assert found.reason == "the mail says that replies are not read"


@pytest.mark.parametrize(
    "sentence",
    [
        "Do not hesitate to reply to this e-mail with any questions.",
        "Feel free to reply to this message.",
        "We read every answer, and your address is safe with us.",
        "Sorry that we did not reply to your e-mail earlier.",
        "I know that we do not reply as quickly as we should.",
        "If you do not reply to this we will assume that all is well.",
        "Please don't respond in a hurry; I am glad to talk.",
        "We cannot accept email applications, so do use the form next time.",
        "You said that you do not reply to such messages at once.",
    ],
)
def test_ordinary_sentences_do_not_forbid(sentence, message, letter):
    """Sentences that merely speak of replying do not forbid a reply."""
    assert route(message(), letter(f"Dear Dana,\n\nno. {sentence}\n\nKind regards,\nAda")).possible


def test_quoted_mail_does_not_forbid(message, letter):
    """What an earlier, quoted mail said about its mailbox does not count for this one."""
    assert route(message(), letter(trimmed=[Trimmed("quote", UNREAD)])).possible


@pytest.mark.parametrize("place", ["text", "footer"])
def test_other_address_is_offered(place, message, letter):
    """Another address in the body is offered when the sender's takes no replies."""
    sentence = "Questions? Write to people@fenwick.example."
    given = (
        letter(f"Dear Dana,\n\nno. {sentence}")
        if place == "text"
        else letter(trimmed=[Trimmed(place, sentence)])
    )
    found = route(message(sender="no-reply@fenwick.example"), given)
    assert not found.possible
    assert found.warning == "The mail names another address: people@fenwick.example."


@pytest.mark.parametrize(
    "text",
    ["Write to NO-REPLY@fenwick.example.", "Write to donotreply@fenwick.example.", "Write to us on the web."],
)
def test_no_useless_address_is_offered(text, message, letter):
    """Neither the dead address itself nor another dead one is offered."""
    found = route(message(sender="no-reply@fenwick.example"), letter(f"Dear Dana,\n\nno. {text}"))
    assert not found.possible
    assert found.warning is None


@pytest.mark.parametrize(
    ("sender", "reply_to", "warns"),
    [
        ("ada@fenwick.example", "ada@fenwick-careers.example", True),
        ("ada@fenwick.com", "ada.moor@gmail.com", True),
        ("ada@fenwick.co.uk", "ada@brindle.co.uk", True),
        ("ada@fenwick.com", "x@notlever.co", True),
        ("ada@fenwick.com", "careers@fenwick.com", False),
        ("ada@mail.fenwick.com", "careers@fenwick.com", False),
        ("ada@mail.fenwick.co.uk", "careers@hr.fenwick.co.uk", False),
        ("ada@fenwick.com", "x1@hire.lever.co", False),
        ("ada@fenwick.com", "fenwick+2@candidates.workablemail.com", False),
        ("no-reply@us.greenhouse-mail.io", "talent@fenwick.com", False),
    ],
)
def test_reply_to_on_another_domain(sender, reply_to, warns, message, letter):
    """A Reply-To on another domain than From's warns, unless one of them is a known relay."""
    found = route(message(sender=sender, reply_to=reply_to), letter())
    assert found.possible
    assert (found.warning is not None) is warns
    if warns:
        assert reply_to in found.warning


@pytest.mark.parametrize(
    ("name", "warns"),
    [
        ("hr@fenwick.com", True),
        ("Fenwick HR hr@fenwick.com", True),
        ("Ada Moor", False),
        ("", False),
        ("ada@brindle.com", False),
        ("Ada@Brindle.com", False),
    ],
)
def test_spoofed_display_name(name, warns, message, letter):
    """A display name that shows another address than the real one warns."""
    found = route(dataclasses.replace(message(), sender=Address(name, "ada@brindle.com")), letter())
    assert found.possible
    assert found.to.address == "ada@brindle.com"
    assert (found.warning is not None) is warns


def test_spoofed_header_is_answered_at_the_real_address():
    """`hr@fenwick.com <evil@brindle.com>` goes to the address in brackets, with a warning."""
    raw = b"From: hr@fenwick.com <evil@brindle.com>\nSubject: No\n\nDear Dana,\n\nno.\n"
    mail = parse(raw)
    found = route(mail, clean(mail))
    assert found.to.address == "evil@brindle.com"
    assert "hr@fenwick.com" in found.warning


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-generated", "Precedence: bulk", "List-Unsubscribe: <mailto:u@fenwick.example>"],
)
def test_machine_headers_alone_do_not_forbid(header, verdict):
    """Headers that tracking systems put on every mail do not forbid a reply by themselves."""
    raw = f"From: Ada Moor <ada@fenwick.example>\nSubject: No\n{header}\n\nDear Dana,\n\nno.\n\nKind regards,\nAda Moor\n"
    mail = parse(raw.encode())
    steps = plan(mail, clean(mail), verdict(stage="mid"))
    assert steps.route.possible
    assert steps.sends


def test_no_sender(message, letter):
    """A pasted mail without a sender can be answered, and the missing address is said."""
    found = route(message(sender=None), letter())
    assert found.possible
    assert found.to is None
    assert "No sender address" in found.warning


def test_no_sender_and_unread(message, letter):
    """A pasted mail that says replies are not read is not answered even without a sender."""
    assert not route(message(sender=None), letter(trimmed=[Trimmed("footer", UNREAD)])).possible
