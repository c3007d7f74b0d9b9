"""A register of people as a ministry might run it: Python's own http.server behind TLS, for clients with a certificate.

    python3 people_register.py CERTIFICATE KEY CLIENT_AUTHORITY TOKEN

Prints its port. POST /people with {"numbers": [...]} answers {"people": [...]} for those that it has.
"""

import json
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CERTIFICATE, KEY, CLIENT_AUTHORITY, TOKEN = sys.argv[1:]
PEOPLE = {
    "880514391012": {"number": "880514391012", "name": {"family": "Тестова"}, "born": "14.05.1988"},
    "910101300121": {"number": "910101300121", "name": {"family": "Пробный"}, "born": "01.01.1991"},
}


class Register(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.reply(401, {"error": "who are you?"})
        elif self.path != "/api/people":
            self.reply(404, {"error": "no such path"})
        else:
            self.reply(200, {"people": [PEOPLE[one] for one in reversed(asked["numbers"]) if one in PEOPLE]})

    def reply(self, status, body):
        content = json.dumps(body, ensure_ascii=False, indent=2).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Register)
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=CLIENT_AUTHORITY)
context.load_cert_chain(CERTIFICATE, KEY)
context.verify_mode = ssl.CERT_REQUIRED
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
