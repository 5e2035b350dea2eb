"""A proxy for a Kafka server on 127.0.0.1 that adds TLS and SASL, which the server does not support.

It terminates TLS, with or without a client certificate, and responds to SaslHandshake and SaslAuthenticate like a broker: PLAIN (RFC 4616),
SCRAM (RFC 5802) and OAUTHBEARER (RFC 7628). Passwords and tokens are verified. Later requests are forwarded to the server; the server's
port in responses is replaced by the proxy's. With --oidc it is also a token endpoint (RFC 6749, 4.4).
"""
import argparse, base64, hashlib, hmac, json, os, socket, ssl, struct, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

parser = argparse.ArgumentParser()
parser.add_argument("--to", type=int, required=True)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--certificate")
parser.add_argument("--key")
parser.add_argument("--client-ca")
parser.add_argument("--mechanisms", default="")
parser.add_argument("--user", default="ops")
parser.add_argument("--password", default="")
parser.add_argument("--oidc", type=int)
options = parser.parse_args()
mechanisms = [name for name in options.mechanisms.split(",") if name]
signing_key = os.urandom(16)

HANDSHAKE, VERSIONS, AUTHENTICATE = 17, 18, 36
UNSUPPORTED_MECHANISM, AUTHENTICATION_FAILED = 33, 58


class Refused(Exception):
    pass


def exactly(stream, count):
    data = b""
    while len(data) < count:
        part = stream.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def frame(stream):
    head = exactly(stream, 4)
    return exactly(stream, struct.unpack(">i", head)[0])


def send(stream, body):
    stream.sendall(struct.pack(">i", len(body)) + body)


def text(value):
    data = value.encode()
    return struct.pack(">h", len(data)) + data


def unsigned(body, place):
    value = shift = 0
    while True:
        byte = body[place]
        value, shift, place = value | (byte & 127) << shift, shift + 7, place + 1
        if byte < 128:
            return value, place


def with_sasl(answer, version):
    """Adds the two SASL requests to an ApiVersions response."""
    if answer[4:6] != b"\0\0":
        return answer
    added = b"".join(
        struct.pack(">hhh", key, 0, 1) + (b"\0" if version >= 3 else b"") for key in (HANDSHAKE, AUTHENTICATE))
    if version >= 3:
        count, place = unsigned(answer, 6)
        count += 2
        head = bytes([count & 127 | 128, count >> 7]) if count > 127 else bytes([count])
        return answer[:6] + head + added + answer[place:]
    count = struct.unpack(">i", answer[6:10])[0]
    return answer[:6] + struct.pack(">i", count + 2) + added + answer[10:]


class Plain:
    def step(self, data):
        _, user, password = data.split(b"\0")
        if (user.decode(), password.decode()) != (options.user, options.password):
            raise Refused("Authentication failed: Invalid username or password")
        return b"", True


class Scram:
    def __init__(self, name):
        self.name, self.hash = name, "sha" + name.rsplit("-", 1)[1]
        self.first = None

    def mac(self, key, message):
        return hmac.new(key, message, self.hash).digest()

    def step(self, data):
        if self.first is None:
            bare = data.decode().split(",", 2)[2]
            fields = dict(part.split("=", 1) for part in bare.split(","))
            self.user = fields["n"]
            self.salt, self.rounds = os.urandom(16), 4096
            self.nonce = base64.b64encode(os.urandom(12)).decode()
            answer = f"r={fields['r']}{self.nonce},s={base64.b64encode(self.salt).decode()},i={self.rounds}"
            self.first = f"{bare},{answer}"
            return answer.encode(), False
        without, proof = data.decode().rsplit(",p=", 1)
        salted = hashlib.pbkdf2_hmac(self.hash, options.password.encode(), self.salt, self.rounds)
        key = self.mac(salted, b"Client Key")
        stored = hashlib.new(self.hash, key).digest()
        message = f"{self.first},{without}".encode()
        expected = bytes(a ^ b for a, b in zip(key, self.mac(stored, message)))
        is_right = hmac.compare_digest(expected, base64.b64decode(proof))
        # Kafka compares only the end of the nonce, because librdkafka 2.0 repeats its own part.
        if self.user != options.user or not is_right or not without.endswith(self.nonce):
            raise Refused(
                f"Authentication failed during authentication due to invalid credentials with SASL mechanism {self.name}")
        signature = self.mac(self.mac(salted, b"Server Key"), message)
        return b"v=" + base64.b64encode(signature), True


class Bearer:
    refused = False

    def step(self, data):
        if self.refused:
            raise Refused("invalid_token")
        token = data.decode().split("auth=Bearer ", 1)[1].split("\x01", 1)[0]
        if is_valid(token):
            return b"", True
        self.refused = True
        return b'{"status":"invalid_token"}', False


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(signed):
    return encoded(hmac.new(signing_key, signed.encode(), "sha256").digest())


def is_valid(token):
    signed, _, signature = token.rpartition(".")
    return hmac.compare_digest(sign(signed), signature)


class TokenEndpoint(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        wanted = base64.b64encode(f"{options.user}:{options.password}".encode()).decode()
        now = int(time.time())
        if self.headers.get("authorization") == "Basic " + wanted:
            payload = json.dumps({"sub": options.user, "iat": now, "exp": now + 300}).encode()
            signed = encoded(b'{"alg":"HS256","typ":"JWT"}') + "." + encoded(payload)
            status, body = 200, {"access_token": f"{signed}.{sign(signed)}", "token_type": "bearer", "expires_in": 300}
        else:
            status, body = 401, {"error": "invalid_client"}
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def authenticate(client, server):
    """Responds until the client is authenticated. Returns False if it is refused."""
    sasl = None
    while True:
        request = frame(client)
        key, version, correlation = struct.unpack(">hh4s", request[:8])
        length = max(0, struct.unpack(">h", request[8:10])[0])
        body = request[10 + length:]
        if key == VERSIONS:
            send(server, request)
            send(client, with_sasl(frame(server), version))
        elif key == HANDSHAKE:
            name = body[2:2 + struct.unpack(">h", body[:2])[0]].decode()
            names = struct.pack(">i", len(mechanisms)) + b"".join(text(each) for each in mechanisms)
            error = 0 if name in mechanisms else UNSUPPORTED_MECHANISM
            send(client, correlation + struct.pack(">h", error) + names)
            if error:
                return False
            sasl = Plain() if name == "PLAIN" else Bearer() if name == "OAUTHBEARER" else Scram(name)
        elif key == AUTHENTICATE and sasl:
            data = body[4:4 + struct.unpack(">i", body[:4])[0]]
            life = struct.pack(">q", 0) if version >= 1 else b""
            try:
                answer, is_over = sasl.step(data)
            except Refused as refusal:
                failure = struct.pack(">h", AUTHENTICATION_FAILED) + text(str(refusal)) + struct.pack(">i", 0)
                send(client, correlation + failure + life)
                return False
            success = struct.pack(">hhi", 0, -1, len(answer)) + answer
            send(client, correlation + success + life)
            if is_over:
                return True
        else:
            # A broker accepts no other request before authentication.
            return False


def moved(data):
    host = b"127.0.0.1"
    return data.replace(host + struct.pack(">i", options.to), host + struct.pack(">i", options.port))


def answers(server, client):
    try:
        while True:
            send(client, moved(frame(server)))
    except (EOFError, OSError):
        pass
    for stream in (server, client):
        try:
            stream.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(connection, context):
    server = socket.create_connection(("127.0.0.1", options.to))
    try:
        client = context.wrap_socket(connection, server_side=True) if context else connection
        if mechanisms and not authenticate(client, server):
            time.sleep(0.1)
            client.close()
            return
        threading.Thread(target=answers, args=(server, client), daemon=True).start()
        while True:
            send(server, frame(client))
    except (EOFError, OSError):
        pass
    finally:
        server.close()
        connection.close()


context = None
if options.certificate:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    if options.client_ca:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(options.client_ca)
if options.oidc:
    endpoint = ThreadingHTTPServer(("127.0.0.1", options.oidc), TokenEndpoint)
    threading.Thread(target=endpoint.serve_forever, daemon=True).start()
listener = socket.create_server(("127.0.0.1", options.port), backlog=64)
while True:
    accepted, _ = listener.accept()
    accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=serve, args=(accepted, context), daemon=True).start()
