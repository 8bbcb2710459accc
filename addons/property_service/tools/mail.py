"""What reaches us by e-mail: letters in undeclared encodings, and answers of machines.

>>> guess(b"tap"), guess("漏水".encode("gbk")), guess("漏水".encode())
('utf-8', 'gb18030', 'utf-8')
"""

import codecs
import contextlib
import re

HEADERS = ("Subject", "From", "To", "Cc", "Reply-To")
# Software that says gb2312 often writes more than that; gb18030 knows all of it.
CHINESE = {"gb2312", "gbk", "gb_2312-80", "cp936", "x-gbk"}
CHINESE_TEXT = re.compile(r"[\x00-\x7f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*")
UNDECLARED = {"", "us-ascii", "ascii", "unknown-8bit", "8bit", "default"}


def guess(content):
    """Return the encoding of bytes that nobody declared: UTF-8, or Chinese, or Latin.

    Some short Chinese words in GBK happen to be valid UTF-8, of letters that no word
    consists of.

    >>> guess(b"\\xff\\xff"), guess("Muller, Zoë".encode())
    ('latin-1', 'utf-8')
    """
    runs = re.findall(rb"[\x80-\xff]+", content)
    pairs = re.compile(rb"(?:[\xc2-\xdf][\x80-\xbf]){2,}")
    if runs and all(pairs.fullmatch(run) for run in runs):
        if CHINESE_TEXT.fullmatch(content.decode("gb18030", "replace")):
            return "gb18030"
    for charset in ("utf-8", "gb18030"):
        try:
            content.decode(charset)
        except UnicodeDecodeError:
            continue
        return charset
    return "latin-1"


def is_known(charset):
    """Return whether there is such an encoding.

    >>> is_known("gbk"), is_known("x-nowhere")
    (True, False)
    """
    try:
        codecs.lookup(charset)
    except LookupError:
        return False
    return True


def mend(message):
    """Write into a mail which encoding its texts and its headers have.

    Only what is undeclared, unknown, or declared too narrowly is changed.

    :param email.message.EmailMessage message: the mail as it was received
    """
    for part in message.walk():
        if part.is_multipart() or part.get_content_maintype() != "text":
            continue
        declared = str(part.get_param("charset") or "").strip("\"'").lower()
        if declared in CHINESE:
            part.set_param("charset", "gb18030")
        elif declared in UNDECLARED or not is_known(declared):
            part.set_param("charset", guess(part.get_payload(decode=True) or b""))
    raw = {name.lower(): value for name, value in reversed(list(message.raw_items()))}
    for name in HEADERS:
        value = str(raw.get(name.lower(), ""))
        try:
            value.encode()
        except UnicodeEncodeError:
            content = value.encode("ascii", "surrogateescape")
            text = content.decode(guess(content))
            # A header that cannot be written anew stays as it came.
            with contextlib.suppress(ValueError, IndexError, KeyError):
                message.replace_header(name, re.sub(r"\s*[\r\n]+\s*", " ", text))


def is_machine_answer(message):
    """Return whether a machine has answered: out of office, receipt, failed delivery.

    Alarms that a machine sends of its own accord are no answers.

    >>> from email import message_from_string as mail
    >>> is_machine_answer(mail("Auto-Submitted: auto-replied (vacation)\\n\\nAway"))
    True
    >>> is_machine_answer(mail("Auto-Submitted: auto-generated\\n\\nLift 3 stands"))
    False
    >>> is_machine_answer(mail("From: Mail Delivery <MAILER-DAEMON@example.com>\\n\\n"))
    True
    """
    submitted = str(message.get("Auto-Submitted") or "").strip().lower()
    precedence = str(message.get("Precedence") or "").strip().lower()
    sender = str(message.get("From") or "").lower()
    return (
        submitted.startswith("auto-replied")
        or precedence in ("auto_reply", "auto-reply")
        or any(
            message.get(name)
            for name in ("X-Autoreply", "X-Autorespond", "X-Autoreply-From")
        )
        or message.get_content_type() == "multipart/report"
        or bool(re.search(r"(^|[<\s])(mailer-daemon|postmaster)@", sender))
    )
