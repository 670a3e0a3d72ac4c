"""Sent mail, drafts, spam, trash and chats recognised; and whose mailbox it is."""

import base64

import pytest

from rejoinder.mail.owner import OwnerCount, owner_addresses
from rejoinder.mail.parsing import parse
from rejoinder.mail.roles import folder_role, mailbox_role

ROLES = ("sent", "draft", "spam", "trash")
#: What Gmail calls them in the language of the account.
GMAIL = {
    "en": "Sent Drafts Spam Trash",
    "en-GB": "Sent Draft Junk Bin",
    "de": "Gesendet Entwürfe Spam Papierkorb",
    "fr": "Messages_envoyés Brouillons Spam Corbeille",
    "es": "Enviados Borradores Correo_no_deseado Papelera",
    "it": "Posta_inviata Bozze Spam Cestino",
    "pt": "E-mails_enviados Rascunhos Spam Lixeira",
    "nl": "Verzonden Concepten Spam Prullenbak",
    "pl": "Wysłane Wersje_robocze Spam Kosz",
    "sv": "Skickat Utkast Skräppost Papperskorgen",
    "da": "Sendt Kladder Spam Papirkurv",
    "nb": "Sendt Utkast Søppelpost Papirkurv",
    "fi": "Lähetetyt Luonnokset Roskaposti Roskakori",
    "cs": "Odeslaná_pošta Koncepty Spam Koš",
    "tr": "Gönderilmiş_Postalar Taslaklar Spam Çöp_Kutusu",
    "ru": "Отправленные Черновики Спам Корзина",
    "uk": "Надіслані Чернетки Спам Кошик",
    "ja": "送信済みメール 下書き 迷惑メール ゴミ箱",
    "zh-CN": "已发邮件 草稿 垃圾邮件 已删除邮件",
    "zh-TW": "寄件備份 草稿 垃圾郵件 垃圾桶",
    "ko": "보낸편지함 임시보관함 스팸함 휴지통",
}


def labelled(labels):
    """A mail of a Takeout with these labels, encoded as a whole where they are no ASCII."""
    value = labels.encode()
    if not labels.isascii():
        value = b"=?UTF-8?B?" + base64.b64encode(value) + b"?="
    return parse(
        b"X-GM-THRID: 1844347792267117879\r\nX-Gmail-Labels: " + value + b"\r\nSubject: x\r\n\r\nno.\r\n"
    )


@pytest.mark.parametrize("language", GMAIL)
def test_takeout_labels(language):
    """Gmail's labels are understood in the language of the account, beside any others."""
    for role, label in zip(ROLES, GMAIL[language].split(), strict=True):
        assert mailbox_role(labelled(f"Wichtig,{label.replace('_', ' ')},Job-Suche Zoë")) == role


def test_labels_and_thread():
    """Labels are decoded as a whole and split then; quotation marks keep a comma in one of them."""
    message = labelled('Posteingang,Geöffnet,"Jobs, neu",Wichtig')
    assert message.labels == ("Posteingang", "Geöffnet", "Jobs, neu", "Wichtig")
    assert message.thread == "1844347792267117879"
    assert mailbox_role(message) is None
    folded = parse(
        b"X-Gmail-Labels: =?UTF-8?Q?Postein?=\r\n =?UTF-8?Q?gang,Gel=C3=B6schte_Elem?=\r\n =?UTF-8?Q?ente?=\r\n\r\nx"
    )
    assert folded.labels == ("Posteingang", "Gelöschte Elemente")
    assert mailbox_role(folded) == "trash"


@pytest.mark.parametrize(
    "labels", ["Inbox,Opened", "Inbox,Sent to me,Spam reports", "Jobs/Sent", "Unsent", ""]
)
def test_labels_that_mean_nothing(labels):
    """Labels that people make up are no role."""
    assert mailbox_role(labelled(labels)) is None


def test_which_role_counts():
    """A mail is first what it is, then where it went."""
    assert mailbox_role(labelled("Sent,Trash")) == "trash"
    assert mailbox_role(labelled("Chat,Inbox")) == "chat"
    assert mailbox_role(labelled("Inbox"), flags=frozenset({"draft", "seen"})) == "draft"
    assert mailbox_role(labelled("Inbox"), flags={"trashed"}) == "trash"
    assert mailbox_role(labelled("Inbox"), "Sent") == "sent"
    assert mailbox_role(labelled("Inbox"), "INBOX", {"seen", "replied"}) is None


@pytest.mark.parametrize(
    ("folder", "role"),
    [
        ("Sent", "sent"),
        ("[Gmail]/Sent Mail", "sent"),
        ("Mail/imap.example/[Gmail].sbd/Sent Mail", "sent"),
        ("[Google Mail].sbd/Gesendet", "sent"),
        (".Sent", "sent"),
        (".INBOX.Sent", "sent"),
        (".Sent.2024", "sent"),
        ("Sent/2024", "sent"),
        ("Sent Messages.mbox", "sent"),
        ("Sent Items", "sent"),
        (".Entw&APw-rfe", "draft"),
        ("&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-", "sent"),
        ("Takeout/Mail/Spam.mbox", "spam"),
        ("Junk E-mail", "spam"),
        ("Deleted Items", "trash"),
        ("Top of Personal Folders/Gelöschte Elemente", "trash"),
        ("Corbeille", "trash"),
        ("Boîte d’envoi", "sent"),
        ("Archives/2024", None),
        ("INBOX", None),
        ("All mail Including Spam and Trash.mbox", None),
        ("Presented", None),
        ("Fish & chips", None),
        ("&broken", None),
        ("", None),
    ],
)
def test_folder_roles(folder, role):
    """Folders are known by the names that mail programs give them, in any store and language."""
    assert folder_role(folder) == role


def mail(sender, to, delivered=None, extra=""):
    """A mail with addresses."""
    head = f"From: {sender}\nTo: {to}\n" + (f"Delivered-To: {delivered}\n" if delivered else "")
    return parse(f"{head}{extra}\nno.\n".encode())


def test_owner_by_sent_mail():
    """The owner is who wrote what lies in the sent folder, under all of their addresses."""
    mails = [(mail("Dana <dana@post.example>", "ada@fenwick.example"), "sent")] * 5
    mails += [(mail("D. Li <DLI@work.example>", "bo@quill.example"), "sent")] * 2
    mails += [(mail("ada@fenwick.example", "list@lists.example"), None)] * 50
    assert owner_addresses(mails) == {"dana@post.example", "dli@work.example"}


def test_owner_by_delivery():
    """Where servers say to whom mail was delivered, that is the owner, not the list that it came by."""
    mails = [(mail("ada@fenwick.example", "list@lists.example", "dana@post.example"), None)] * 30
    mails += [(mail("ada@fenwick.example", "x@y.example", "mailing list <news@lists.example>"), None)]
    assert owner_addresses(mails) == {"dana@post.example"}


def test_owner_by_address():
    """Else it is the one to whom most mail is addressed."""
    mails = [(mail("ada@fenwick.example", "Dana <dana@post.example>"), None)] * 6
    mails += [(mail("ada@fenwick.example", "list@lists.example"), None)] * 4
    assert owner_addresses(mails) == {"dana@post.example"}


def test_owner_unknown():
    """Where nothing points to an owner, nobody is one; spam says nothing about it."""
    assert owner_addresses([]) == frozenset()
    mails = [(mail("ada@fenwick.example", f"{number}@post.example"), None) for number in range(10)]
    assert owner_addresses(mails) == frozenset()
    assert (
        owner_addresses([(mail("x@spam.example", "dana@post.example", "dana@post.example"), "spam")])
        == frozenset()
    )


def test_counts_of_parts_can_be_added():
    """The counts of two halves of a mailbox give what the whole gives, in any order."""
    mails = [
        (mail("dana@post.example", "x@y.example"), "sent"),
        (mail("x@y.example", "d@z.example", "d@z.example"), None),
    ]
    halves = []
    for message, role in mails:
        half = OwnerCount()
        half.add(message, role)
        halves.append(half)
    first, second = halves
    assert (first + second).addresses() == (second + first).addresses() == owner_addresses(mails)
    assert owner_addresses(mails) == {"dana@post.example", "d@z.example"}


def test_delivery_headers():
    """The addresses that servers took the mail in for are known, each once and in lower case."""
    extra = "X-Original-To: Dana@Post.example\nEnvelope-To: <d@z.example>\n"
    assert mail("a@b.example", "x@y.example", "dana@post.example", extra).delivered_to == (
        "dana@post.example",
        "d@z.example",
    )
