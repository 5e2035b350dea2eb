"""A server on 127.0.0.1 that lies: hostile-server.py PROTOCOL LIE FILE. It writes its port to FILE.

kafka is a broker with one topic of six orders and one consumer group; redis a server with one lock; http serves health, schemas and tokens.
With the lie `none` it answers as the real server does.
"""
import base64, json, os, random, socket, struct, sys, threading, time, zlib

protocol, lie, file = sys.argv[1:4]
ENDLESS = 1 << 40
MAX64, MIN64, MAX32 = (1 << 63) - 1, -(1 << 63), (1 << 31) - 1


class Closed(Exception):
    pass


def exactly(stream, count):
    data = b""
    while len(data) < count:
        part = stream.recv(count - len(data))
        if not part:
            raise Closed
        data += part
    return data


def drip(stream, data):
    for byte in data:
        stream.sendall(bytes([byte]))
        time.sleep(1)


def forever(stream, data):
    while True:
        stream.sendall(data)


def bomb(unpacked, wbits):
    """Zeros, packed: a thousandth of their size."""
    packer, zeros = zlib.compressobj(9, zlib.DEFLATED, wbits), bytes(1 << 20)
    return b"".join(packer.compress(zeros) for _ in range(unpacked >> 20)) + packer.flush()


# --- Kafka. https://kafka.apache.org/protocol describes the messages.

def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack(">h", len(data)) + data


def array(items, count=None):
    return struct.pack(">i", len(items) if count is None else count) + b"".join(items)


def varint(value):
    value = (value << 1 ^ value >> 63) & (1 << 64) - 1
    data = b""
    while value > 127:
        data, value = data + bytes([value & 127 | 128]), value >> 7
    return data + bytes([value])


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def record(number, partition):
    order = 2 * number + partition
    key, value = str(order).encode(), json.dumps({"orderId": order, "eventId": f"e-{order}"}).encode()
    body = b"\0" + varint(0) + varint(number) + varint(len(key)) + key + varint(len(value)) + value + varint(0)
    return varint(MAX32 if lie == "record-length" else len(body)) + body


def batch(partition):
    now = int(time.time() * 1000)
    records = b"".join(record(number, partition) for number in range(3))
    attributes, base, count, magic = 0, 0, 3, 2
    first = last = now
    if lie == "base-offset-max": base = MAX64 - 1
    if lie == "base-offset-negative": base = -5
    if lie == "record-count": count = MAX32
    if lie == "record-count-negative": count = -7
    if lie == "times-max": first = last = MAX64
    if lie == "times-min": first = last = MIN64
    if lie == "magic": magic = 99
    if lie == "gzip-bomb": attributes, records = 1, bomb(1 << 28, 31)
    if lie == "gzip-garbage": attributes, records = 1, os.urandom(500)
    if lie == "snappy-claim": attributes, records = 2, b"\xff\xff\xff\xff\x0f" + bytes(50)
    if lie == "lz4-claim": attributes, records = 3, b"\x04\x22\x4d\x18\x68\x40" + struct.pack("<q", 1 << 40) + b"\0" + bytes(50)
    if lie == "zstd-claim": attributes, records = 4, b"\x28\xb5\x2f\xfd\xe0" + struct.pack("<Q", 1 << 40) + bytes(50)
    body = struct.pack(">hiqqqhii", attributes, 2, first, last, -1, -1, -1, count) + records
    crc = 1 if lie == "checksum" else crc32c(body) if len(body) < 4096 else 0
    rest = struct.pack(">ibI", 0, magic, crc) + body
    length = MAX32 if lie == "batch-length" else -1 if lie == "batch-length-negative" else len(rest)
    return struct.pack(">qi", base, length) + rest


class Kafka:
    ranges = {1: (4, 4), 2: (1, 1), 3: (0, 2), 0: (3, 3), 9: (1, 2), 10: (0, 0), 15: (0, 0), 16: (0, 0), 18: (0, 0)}

    def serve(self, stream):
        while True:
            request = exactly(stream, struct.unpack(">i", exactly(stream, 4))[0])
            key, version, correlation = struct.unpack(">hh4s", request[:8])
            length = max(0, struct.unpack(">h", request[8:10])[0])
            body = {18: self.versions, 3: self.metadata, 2: self.offsets, 1: self.fetch, 10: self.coordinator, 16: self.groups,
                    15: self.describe, 9: self.commits}[key](request[10 + length:], version)
            self.send(stream, correlation, body, isPlain=key == 18)

    def send(self, stream, correlation, body, isPlain):
        frame = correlation + body
        whole = struct.pack(">i", len(frame)) + frame
        if isPlain: return stream.sendall(whole)
        if lie == "correlation": frame = struct.pack(">i", random.getrandbits(31)) + body
        lengths = {"length-max": MAX32, "length-negative": -2, "length-zero": 0, "length-short": 5, "length-large": 90_000_000}
        whole = struct.pack(">i", lengths.get(lie, len(frame))) + frame
        if lie == "garbage-before": whole = b"\x7f" * 64 + whole
        if lie == "garbage-after": whole += b"\x7f" * 64
        if lie == "drip": return drip(stream, whole)
        if lie == "cut":
            stream.sendall(whole[:len(whole) // 2])
            raise Closed
        stream.sendall(whole)

    def versions(self, _, version):
        ranges = [struct.pack(">hhh", key, least, most) for key, (least, most) in self.ranges.items()]
        if lie == "versions-none": return struct.pack(">h", 0) + array([])
        if lie == "versions-absurd": return struct.pack(">h", 0) + array([struct.pack(">hhh", key % 60 - 9, 32767, -32768) for key in range(3000)])
        if lie == "versions-count": return struct.pack(">h", 0) + array(ranges, MAX32)
        return struct.pack(">h", 35 if version > 0 else 0) + array(ranges)

    def metadata(self, _, version):
        host, count, name = "127.0.0.1", None, "order-created"
        leader, error = 1, 0
        if lie == "errors": error = 32767
        if lie == "leader-nowhere": leader = -77
        broker = struct.pack(">i", 1) + text(host) + struct.pack(">i", port)
        rack = struct.pack(">h", -1) if version else b""
        brokers = [broker + rack]
        if lie == "ports":
            brokers = [struct.pack(">i", 1) + text(host) + struct.pack(">i", odd) + rack for odd in (0, -1, MAX32)]
        if lie == "hosts": brokers += [struct.pack(">i", 2 + n) + text("x" * 30000) + struct.pack(">i", 9) + rack for n in range(500)]
        ids = [0, 1]
        if lie == "partitions-twice": ids = [0, 1, 0, 1, 1]
        if lie == "partitions-odd": ids = [0, 1, -1, MAX32]
        replicas = array([struct.pack(">i", 1)])
        partitions = [struct.pack(">hii", error, id, leader) + replicas + replicas for id in ids]
        topic = struct.pack(">h", error) + text(name) + (b"\0" if version else b"")
        topics = [topic + array(partitions, MAX32 if lie == "partitions-count" else None)]
        if lie == "topics-twice": topics *= 3
        if lie == "topics-many":
            topics += [struct.pack(">h", 0) + text(f"order-{n}.DLT") + (b"\0" if version else b"") + array(partitions) for n in range(1000)]
        answer = array(brokers, MAX32 if lie == "brokers-count" else None)
        if version >= 2: answer += text("cluster")
        if version: answer += struct.pack(">i", 1)
        return answer + array(topics, MAX32 if lie == "topics-count" else None)

    @staticmethod
    def partitions(body, place, width):
        """Topics with the partitions that were asked for: pairs of a name and the requests' bytes."""
        found, count = [], struct.unpack(">i", body[place:place + 4])[0]
        place += 4
        for _ in range(max(0, count)):
            length = struct.unpack(">h", body[place:place + 2])[0]
            name, place = body[place + 2:place + 2 + length], place + 2 + length
            number = struct.unpack(">i", body[place:place + 4])[0]
            place += 4
            found.append((name, [body[place + width * n:place + width * (n + 1)] for n in range(number)]))
            place += width * number
        return found

    def offsets(self, body, _):
        def answer(asked):
            id, position = struct.unpack(">iq", asked)
            offset = 0 if position == -2 else 3 if position == -1 else -1
            if lie == "offsets-max" and position == -1: offset = MAX64
            if lie == "offsets-negative": offset = MIN64
            if lie == "offsets-swapped": offset = 3 - max(0, offset)
            return struct.pack(">ihqq", id, 32767 if lie == "errors" else 0, -1, offset)
        topics = self.partitions(body, 4, 12)
        return array([text(name) + array([answer(each) for each in asked], MAX32 if lie == "offsets-count" else None) for name, asked in topics])

    def fetch(self, body, _):
        wait, topics = struct.unpack(">i", body[4:8])[0], self.partitions(body, 17, 16)
        positions = [struct.unpack(">iq", each[:12]) for _, asked in topics for each in asked]
        if not any(offset < 3 for _, offset in positions): time.sleep(wait / 1000)
        def answer(asked):
            id, offset = struct.unpack(">iq", asked[:12])
            data = batch(id) if 0 <= offset < 3 or offset < 0 else b""
            end = MAX64 if lie in ("watermark-max", "base-offset-max") else MIN64 if lie == "watermark-negative" else 3
            size = MAX32 if lie == "data-length" else -99 if lie == "data-length-negative" else len(data)
            return struct.pack(">ihqqii", id, 0, end, end, -1, size) + data
        return struct.pack(">i", 0) + array([text(name) + array([answer(each) for each in asked]) for name, asked in topics])

    def coordinator(self, *_):
        return struct.pack(">hi", 0, 1) + text("127.0.0.1") + struct.pack(">i", port)

    def groups(self, *_):
        groups = [text("inventory-service") + text("consumer")]
        if lie == "groups-twice": groups *= 5
        return struct.pack(">h", 0) + array(groups, MAX32 if lie == "groups-count" else None)

    def describe(self, body, _):
        length = struct.unpack(">h", body[4:6])[0]
        name, topic = body[6:6 + length], text("order-created")
        assignment = struct.pack(">h", 0) + array([topic + array([struct.pack(">i", id) for id in (0, 1)])]) + struct.pack(">i", -1)
        if lie == "assignment-garbage": assignment = os.urandom(40)
        if lie == "assignment-count": assignment = struct.pack(">hi", 0, MAX32) + topic
        part = struct.pack(">i", len(assignment)) + assignment
        members = [text("m-1") + text("client") + text("/127.0.0.1") + struct.pack(">i", 0) + part]
        if lie == "members-twice": members *= 4
        return array([struct.pack(">h", 0) + text(name) + text("Stable") + text("consumer") + text("range") + array(members)])

    def commits(self, _, version):
        offset = {"commits-max": MAX64, "commits-negative": MIN64}.get(lie, 2)
        ids = [0, 1, 0, 1] if lie == "commits-twice" else [0, 1]
        partitions = [struct.pack(">iq", id, offset) + text("") + struct.pack(">h", 0) for id in ids]
        return array([text("order-created") + array(partitions)]) + (struct.pack(">h", 0) if version >= 2 else b"")


# --- Redis

class Redis:
    def serve(self, stream):
        reader = stream.makefile("rb")
        while line := reader.readline():
            words = []
            for _ in range(int(line[1:])):
                length = int(reader.readline()[1:])
                words.append(reader.read(length + 2)[:length])
            self.send(stream, words)

    def send(self, stream, words):
        name = words[0].upper()
        if name == b"PSUBSCRIBE": return
        answer = self.answer(name, words)
        if name not in (b"PING", b"CLIENT"):
            if lie == "nested": forever(stream, b"*1\r\n" * 1000)
            if lie == "bulk-huge": answer = b"$2147483648\r\n"
            if lie == "bulk-stream": stream.sendall(b"$2000000000\r\n"); forever(stream, bytes(1 << 16))
            if lie == "bulk-negative": answer = b"$-2147483648\r\n"
            if lie == "integer-long": forever(stream, b":" + b"9" * 65536)
            if lie == "errors": forever(stream, b"-ERR no\r\n" * 1000)
            if lie == "more-answers": answer *= 2
            if lie == "garbage-before": answer = b"\x01" + os.urandom(63) + answer
            if lie == "garbage-after": answer += b"\x01\x02\x03" + os.urandom(61)
            if lie == "drip": return drip(stream, answer)
            if lie == "cut":
                stream.sendall(answer[:len(answer) // 2])
                raise Closed
        stream.sendall(answer)

    def answer(self, name, words):
        number = lambda value: b":%d\r\n" % value
        bulk = lambda data: b"$%d\r\n%s\r\n" % (len(data), data)
        many = lambda parts: b"*%d\r\n" % len(parts) + b"".join(parts)
        key = b"inventory:lock:7"
        if name == b"PING": return b"+PONG\r\n"
        if name == b"CLIENT": return b"+OK\r\n"
        if name == b"DBSIZE": return number(MAX64 if lie == "size-max" else MIN64 if lie == "size-min" else 1)
        if name == b"ROLE": return many([bulk(b"master"), number(0), many([])])
        if name == b"CONFIG": return many([])
        if name == b"TYPE": return b"+string\r\n" if words[1] == key else b"+none\r\n"
        if name == b"PTTL": return number({"ttl-max": MAX64, "ttl-min": MIN64}.get(lie, 60000))
        if name in (b"OBJECT", b"MEMORY"): return number({"ttl-max": MAX64, "ttl-min": MIN64}.get(lie, 3))
        if name == b"GETRANGE": return bulk(b"holder" * (200000 if lie == "value-long" else 1))
        if name == b"CLUSTER" and lie == "masters":
            return many([many([number(n), number(n), many([bulk(b"127.0.0.1"), number(20000 + n)])]) for n in range(16384)])
        if name == b"SCAN":
            if lie == "scan-endless": return many([bulk(b"1"), many([])])
            if lie == "cursor-text": return many([bulk(b"x" * 1_000_000), many([])])
            if lie == "scan-many": return many([bulk(b"0"), many([bulk(key)] * 100_000)])
            return many([bulk(b"0"), many([bulk(key)])])
        return b"-ERR unknown command\r\n"


# --- HTTP

class HTTP:
    def serve(self, stream):
        reader = stream.makefile("rb")
        while line := reader.readline():
            path, length = line.split()[1].decode(), 0
            while (head := reader.readline()).strip():
                if head.lower().startswith(b"content-length:"): length = int(head.split(b":")[1])
            reader.read(length)
            self.send(stream, path)

    def send(self, stream, path):
        ok, body = b"HTTP/1.1 200 OK\r\n", self.body(path)
        whole = ok + b"Content-Length: %d\r\n\r\n" % len(body) + body
        if lie == "head-endless": stream.sendall(ok); forever(stream, b"X-More: " + b"y" * 4000 + b"\r\n")
        if lie == "head-line-endless": stream.sendall(ok + b"X-More: "); forever(stream, b"y" * 65536)
        if lie == "chunks-endless": stream.sendall(ok + b"Transfer-Encoding: chunked\r\n\r\n"); forever(stream, b"10000\r\n" + b"[" * 65536 + b"\r\n")
        if lie == "chunk-huge": whole = ok + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n" + body
        if lie == "chunk-damaged": whole = ok + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + body
        if lie == "continue-endless": forever(stream, b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
        if lie == "redirect-loop": whole = b"HTTP/1.1 302 Found\r\nLocation: " + path.encode() + b"\r\nContent-Length: 0\r\n\r\n"
        if lie == "redirect-away": whole = b"HTTP/1.1 307 Away\r\nLocation: http://127.0.0.1:%d/steal\r\nContent-Length: 0\r\n\r\n" % other
        if lie == "gzip-bomb": whole = ok + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed
        if lie == "length-huge": stream.sendall(ok + b"Content-Length: 9223372036854775807\r\n\r\n"); forever(stream, b"[" * 65536)
        if lie == "length-negative": whole = ok + b"Content-Length: -1\r\n\r\n" + body
        if lie == "length-over": whole = ok + b"Content-Length: 99999999999999999999999\r\n\r\n" + body
        if lie == "garbage": whole = os.urandom(3000)
        if lie == "head-nul": whole = b"HTTP/1.1 200 OK\r\nX\0Y: a\0b\r\n\r\n" + body
        if lie == "drip-head": return drip(stream, whole)
        if lie == "drip-body":
            stream.sendall(ok + b"Content-Length: 1000\r\n\r\n")
            return drip(stream, b"[" * 1000)
        if lie in ("cut-head", "cut-body"):
            stream.sendall(whole[:20] if lie == "cut-head" else whole[:-3])
            raise Closed
        stream.sendall(whole)

    def body(self, path):
        if path.startswith("/token"): return self.token()
        if path.startswith("/schemas/types"): return b'["AVRO"]'
        if path.startswith(("/schemas/ids", "/subjects")): return self.schema(path)
        return b'{"status":"UP"}'

    def schema(self, path):
        fields = [{"name": "orderId", "type": "long"}]
        schema, references = {"type": "record", "name": "Order", "fields": fields}, []
        if lie == "references-endless":
            number = int(path.split("/s")[-1].split("/")[0]) if path.startswith("/subjects") else 0
            references = [{"name": f"r{number + 1}", "subject": f"s{number + 1}", "version": 1}]
        answer = json.dumps(schema)
        if lie == "schema-deep": answer = '{"type":"array","items":' * 100_000 + '"long"' + "}" * 100_000
        return json.dumps({"schema": answer, "references": references}).encode()

    def token(self):
        token, life = "abc.def", {"life-huge": 1e300, "life-negative": -5, "life-text": "soon", "life-zero": 0, "life-max": MAX64}.get(lie, 300)
        if lie == "token-newline": token = "abc\r\nX-Admin: yes"
        if lie == "token-nul": token = "abc\0def"
        if lie == "token-long": token = "a" * 60_000
        if lie == "token-longer": token = "a" * 200_000
        if lie == "token-number": return b'{"access_token":12,"expires_in":300}'
        if lie == "token-expired":
            part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
            token = f"{part({'alg': 'none'})}.{part({'sub': 'x', 'exp': 1})}.x"
        return json.dumps({"access_token": token, "expires_in": life}).encode()


def thief(listener):
    """Writes down whatever comes to the server to which requests are sent away."""
    while True:
        stream, _ = listener.accept()
        with open(file + ".stolen", "ab") as stolen:
            stolen.write(stream.recv(65536) + b"\n")


def handle(stream):
    try:
        with stream:
            {"kafka": Kafka, "redis": Redis, "http": HTTP}[protocol]().serve(stream)
    except (Closed, OSError, ValueError, KeyError, IndexError, struct.error):
        pass


packed = bomb(1 << 28, 31) if lie == "gzip-bomb" and protocol == "http" else b""
listener, away = socket.create_server(("127.0.0.1", 0), backlog=128), socket.create_server(("127.0.0.1", 0))
port, other = listener.getsockname()[1], away.getsockname()[1]
threading.Thread(target=thief, args=(away,), daemon=True).start()
with open(file + ".new", "w") as out:
    out.write(f"{port}\n")
os.rename(file + ".new", file)
while True:
    accepted, _ = listener.accept()
    accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=handle, args=(accepted,), daemon=True).start()
