"""Which mails of a mailbox nobody wrote to its owner: sent, drafts, spam, trash and chats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rejoinder.types import Message

#: What mail programs and Gmail call these folders, by role: English, then de, fr, es, it, pt, nl, pl, sv, da, nb,
#: fi, cs, tr, ru, uk, ja, zh, ko. Names of folders people give themselves must not be among them.
_NAMES = {
    "sent": """
        sent|sent mail|sent items|sent messages|sent-mail|sentmail|sent email|outbox|unsent messages
        gesendet|gesendete elemente|gesendete objekte|gesendete nachrichten|gesendete e-mails|postausgang
        messages envoyés|éléments envoyés|envoyés|envoyé|courrier envoyé|boîte d'envoi
        enviados|enviado|elementos enviados|mensajes enviados|correo enviado|correos enviados|bandeja de salida
        inviati|inviata|posta inviata|messaggi inviati|elementi inviati|posta in uscita
        e-mails enviados|itens enviados|mensagens enviadas|correio enviado|caixa de saída|enviadas
        verzonden|verzonden items|verzonden berichten|verzonden e-mail|postvak uit
        wysłane|elementy wysłane|wiadomości wysłane|skrzynka nadawcza
        skickat|skickade|skickade objekt|skickade meddelanden|skickad e-post|utkorgen
        sendt|sendte|sendt post|sendte elementer|sendte beskeder|sendte mails|udbakke
        sendte meldinger|sendt e-post|utboks
        lähetetyt|lähetetty|lähetetyt viestit|lähetetty posti|lähtevät
        odeslané|odeslaná pošta|odeslané zprávy|odeslaná|pošta k odeslání
        gönderilmiş postalar|gönderilmiş öğeler|gönderilenler|gönderilmiş|gönderildi|giden kutusu
        отправленные|отправленное|исходящие
        надіслані|відправлені|надіслане|вихідні
        送信済み|送信済みメール|送信済みアイテム|送信済みトレイ|送信トレイ
        已发送|已发邮件|已发送邮件|已发送消息|寄件備份|已傳送|寄件匣|发件箱
        보낸편지함|보낸메일함|보낸 편지함|보낸 메일|보낸 메일함|보낼 편지함
    """,
    "draft": """
        draft|drafts|templates
        entwurf|entwürfe|vorlagen
        brouillon|brouillons|modèles
        borrador|borradores
        bozza|bozze
        rascunho|rascunhos
        concepten
        wersja robocza|wersje robocze|szkice|kopie robocze
        utkast
        kladde|kladder
        utkaster
        luonnos|luonnokset
        koncepty|rozepsané
        taslak|taslaklar
        черновик|черновики
        чернетка|чернетки
        下書き
        草稿|草稿箱|草稿匣
        임시보관함|임시 보관함|임시보관
    """,
    "spam": """
        spam|junk|junk e-mail|junk email|junk mail|bulk mail
        spamverdacht|junk-e-mail|werbung und spam|unerwünscht
        courrier indésirable|indésirables|pourriel|pourriels
        correo no deseado|correo basura|no deseado
        posta indesiderata|indesiderata
        lixo eletrônico|lixo eletrónico|lixo electrónico
        ongewenste e-mail|ongewenst
        wiadomości-śmieci|wiadomości śmieci|niechciane
        skräppost
        uønsket mail|uønsket post|uønsket
        søppelpost|uønsket e-post
        roskaposti
        nevyžádaná pošta|nevyžádané
        önemsiz|önemsiz posta|gereksiz|istenmeyen
        спам|нежелательная почта
        небажана пошта
        迷惑メール
        垃圾邮件|垃圾郵件|垃圾箱
        스팸함|스팸|스팸메일함|정크 메일|정크메일
    """,
    "trash": """
        trash|bin|deleted|deleted items|deleted messages|deleted mail|wastebasket
        papierkorb|gelöschte elemente|gelöschte objekte|gelöschte nachrichten|gelöscht
        corbeille|éléments supprimés|messages supprimés|supprimés
        papelera|papelera de reciclaje|elementos eliminados|eliminados|mensajes eliminados
        cestino|posta eliminata|eliminati|elementi eliminati
        lixeira|lixo|itens excluídos|itens eliminados|reciclagem
        prullenbak|prullenmand|verwijderde items|verwijderd
        kosz|elementy usunięte|usunięte
        papperskorgen|papperskorg|borttaget|borttagna objekt
        papirkurv|slettet post|slettede elementer|slettet
        papirkurven|søppel
        roskakori|poistetut|poistetut viestit
        koš|odstraněná pošta|odstraněné|smazané
        çöp kutusu|çöp|silinmiş öğeler|silinenler
        корзина|удаленные|удалённые
        кошик|видалені
        ゴミ箱|ごみ箱|削除済みアイテム
        已删除|已删除邮件|回收站|垃圾桶|刪除的郵件|已刪除的郵件|废纸篓
        휴지통|지운편지함|지운 편지함|삭제된 항목
    """,
    "chat": """
        chat|chats|conversation history
        chatverläufe
        clavardage
        chat di google|cronologia conversazioni
        bate-papo|bate-papos
        czat|czaty
        chatt|chattar
        sohbet|sohbetler
        чат|чаты
        чати
        チャット
        聊天|聊天记录|即時通訊|聊天紀錄
        채팅
    """,
}
#: Which role a mail is left out for if it has several: what it is, before where it went.
_ORDER = ("draft", "spam", "trash", "chat", "sent")
_FLAGS = {"draft": "draft", "trashed": "trash"}


@lru_cache(maxsize=1)
def _roles() -> dict[str, str]:
    return {
        name.strip(): role
        for role, lines in _NAMES.items()
        for line in lines.split("\n")
        for name in line.split("|")
        if name.strip()
    }


def mailbox_role(message: Message, folder: str = "", flags: Iterable[str] = ()) -> str | None:
    """`sent`, `draft`, `spam`, `trash` or `chat` where the source says so; None for mail that came in.

    Judged by Gmail's labels in the language of the account, by the names of
    the folders that the mail lay in, and by what its file says of it.
    """
    roles = _roles()
    found = {roles.get(_plain(label)) for label in message.labels}
    found |= {_FLAGS.get(flag) for flag in flags}
    found.add(folder_role(folder))
    return next((role for role in _ORDER if role in found), None)


@lru_cache(maxsize=4096)
def folder_role(folder: str) -> str | None:
    """What a folder is for by its path: `Sent`, `[Gmail].sbd/Spam`, `.Drafts`, `Sent Messages.mbox`."""
    roles = _roles()
    for part in reversed(re.split(r"[/\\]", folder)):
        name = re.sub(r"\.(?:mbox|mbx|sbd)$", "", part, flags=re.IGNORECASE)
        # Maildir writes a path in one name, in IMAP's UTF-7.
        for piece in (name, *reversed(name.split("."))):
            role = roles.get(_plain(_from_imap(piece)))
            if role:
                return role
    return None


def _plain(name: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", name).strip(" ._\\\"'").casefold().replace("’", "'")


def _from_imap(name: str) -> str:
    """A folder name without the UTF-7 of IMAP (RFC 3501), `Entw&APw-rfe`."""

    def decoded(found: re.Match[str]) -> str:
        if not found.group(1):
            return "&"
        try:
            return f"+{found.group(1).replace(',', '/')}-".encode("ascii").decode("utf-7")
        except UnicodeError:
            return found.group()

    return re.sub(r"&([A-Za-z0-9+,]*)-", decoded, name) if "&" in name else name
