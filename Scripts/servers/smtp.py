"""The server of the script smtp beside this file: smtp.py FOLDER [plain|login|tls...]"""

import asyncio
import base64
import email
import email.policy
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Mailbox:
    """Takes mails, or refuses them as their addresses ask for."""

    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name == "never":
            return "550 5.1.1 nobody of that name"
        if name == "later":
            return "451 4.7.1 greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        sender = envelope.mail_from.split("@")[0]
        if sender == "full":
            return "552 5.2.2 the mailbox is full"
        if sender == "busy":
            return "452 4.3.1 no room now"
        self.count += 1
        self.keep(self.describe(server, session, envelope))
        return "250 2.0.0 taken"

    def keep(self, mail):
        path = os.path.join(self.folder, "mail", f"{self.count}.json")
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(mail, file)
        os.rename(path + ".new", path)

    def describe(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = [part for part in message.walk() if not part.is_multipart()]
        return {
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "is_encrypted": server.transport.get_extra_info("sslcontext") is not None,
            "user": (session.auth_data.login.decode() if session.auth_data else ""),
            "raw": base64.b64encode(envelope.content).decode(),
            "headers": [[name, str(value)] for name, value in message.items()],
            "content_type": message.get_content_type(),
            "parts": [[part.get_content_type(), part.get_content()] for part in parts],
            "defects": [str(defect) for part in message.walk() for defect in part.defects]
            + [str(defect) for value in message.values() for defect in value.defects],
        }


def is_known(server, session, envelope, mechanism, data):
    is_right = getattr(data, "login", b"") == b"ana" and getattr(data, "password", b"") == b"wonder land"
    return AuthResult(success=is_right, handled=False, auth_data=data)


async def main(folder, options):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(os.path.join(folder, "certificate.pem"), os.path.join(folder, "key.pem"))
    mailbox = Mailbox(folder)

    def make():
        return SMTP(
            mailbox,
            hostname="localhost",
            tls_context=None if {"plain", "tls"} & options else context,
            require_starttls=False,
            authenticator=is_known,
            auth_require_tls=False,
            auth_required="login" in options,
            enable_SMTPUTF8=False,
        )

    server = await asyncio.get_running_loop().create_server(
        make, "127.0.0.1", 0, ssl=context if "tls" in options else None
    )
    port = server.sockets[0].getsockname()[1]
    with open(os.path.join(folder, "port.new"), "w", encoding="utf-8") as file:
        file.write(f"{port}\n")
    os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
    async with server:
        await server.serve_forever()


asyncio.run(main(sys.argv[1], set(sys.argv[2:])))
