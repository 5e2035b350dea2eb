/// Error texts in the formats of common runtimes, drivers and proxies, each with its expected pattern.
enum ErrorCorpus {
  static let texts: [(String, String)] = [
    (
      "java.lang.IllegalStateException: Could not reserve 3 units of product 42\n\tat com.shop.Stock.tak"
        + "e(Stock.java:42)\n\tat com.shop.Main.main(Main.java:7)\nCaused by: java.net.ConnectException: Conn"
        + "ection refused",
      "java.lang.IllegalStateException: Could not reserve <n> units of product <n>"
    ),
    (
      "java.sql.SQLIntegrityConstraintViolationException: Duplicate entry '4711' for key 'orders.PRIMARY'",
      "java.sql.SQLIntegrityConstraintViolationException: Duplicate entry <s> for key <s>"
    ),
    (
      "org.springframework.web.client.ResourceAccessException: I/O error on POST request for \"http://i"
        + "nventory:8084/reserve\": Connection refused; nested exception is java.net.ConnectException: Conn"
        + "ection refused",
      "org.springframework.web.client.ResourceAccessException: I/O error on POST request for <s>: Conn"
        + "ection refused; nested exception is java.net.ConnectException: Connection refused"
    ),
    (
      "feign.FeignException$ServiceUnavailable: [503 Service Unavailable] during [GET] to [http://user"
        + "-service/users/17] [UserClient#find(Long)]: []",
      "feign.FeignException$ServiceUnavailable: [<n> Service Unavailable] during [GET] to [http://<add"
        + "r>/users/<n>] [UserClient#find(Long)]: []"
    ),
    (
      "io.github.resilience4j.circuitbreaker.CallNotPermittedException: CircuitBreaker 'userService' i"
        + "s OPEN and does not permit further calls",
      "io.github.resilience<n>j.circuitbreaker.CallNotPermittedException: CircuitBreaker <s> is OPEN a"
        + "nd does not permit further calls"
    ),
    (
      "Error: connect ECONNREFUSED 127.0.0.1:5432\n    at TCPConnectWrap.afterConnect [as oncomplete] ("
        + "net.js:1141:16)",
      "Error: connect ECONNREFUSED <addr>"
    ),
    (
      "Error: connect ECONNREFUSED ::1:6379",
      "Error: connect ECONNREFUSED <addr>"
    ),
    (
      "AxiosError: Request failed with status code 503 at settle (/app/node_modules/axios/lib/core/settle.js:19:12)",
      "AxiosError: Request failed with status code 503"
    ),
    (
      "AxiosError: Request failed with status code 404",
      "AxiosError: Request failed with status code 404"
    ),
    (
      "TypeError: Cannot read properties of undefined (reading 'orderId')\n    at Payment.charge (/srv/"
        + "app/payment.js:10:5)",
      "TypeError: Cannot read properties of undefined (reading <s>)"
    ),
    (
      "MongoServerError: E11000 duplicate key error collection: shop.orders index: _id_ dup key: { _id"
        + ": ObjectId('507f1f77bcf86cd799439011') }",
      "MongoServerError: E<n> duplicate key error collection: shop.orders index: _id_ dup key: { _id: ObjectId(<s>) }"
    ),
    (
      "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.main()",
      "panic: runtime error: index out of range [<n>] with length <n>"
    ),
    (
      "dial tcp 10.0.3.17:9092: connect: connection refused",
      "dial tcp <addr>: connect: connection refused"
    ),
    (
      "dial tcp: lookup redis:6379: no such host",
      "dial tcp: lookup <addr>: no such host"
    ),
    (
      "read tcp 10.0.0.1:51234->10.0.0.2:5432: i/o timeout",
      "read tcp <addr>-><addr>: i/o timeout"
    ),
    (
      "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
      "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
    ),
    (
      "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing\"",
      "rpc error: code = Unavailable desc = connection error: desc = <s>"
    ),
    (
      "Traceback (most recent call last):\n  File \"/app/pay.py\", line 33, in charge\n    card.charge(amo"
        + "unt)\nValueError: amount must be positive, got -12.50",
      "ValueError: amount must be positive, got <n>"
    ),
    (
      "KeyError: 'order_4711'",
      "KeyError: <s>"
    ),
    (
      "requests.exceptions.ConnectionError: HTTPConnectionPool(host='payment', port=8085): Max retries"
        + " exceeded with url: /charge/42 (Caused by NewConnectionError('<urllib3.connection.HTTPConnectio"
        + "n object at 0x7f1c2d3e4f50>: Failed to establish a new connection: [Errno 111] Connection refus"
        + "ed'))",
      "requests.exceptions.ConnectionError: HTTPConnectionPool(host=<s>, port=<n>): Max retries exceed"
        + "ed with url: /charge/<n> (Caused by NewConnectionError(<s>))"
    ),
    (
      "ERROR: duplicate key value violates unique constraint \"orders_pkey\"\nDETAIL:  Key (id)=(42) already exists.",
      "ERROR: duplicate key value violates unique constraint <s>"
    ),
    (
      "ERROR: deadlock detected (SQLSTATE 40P01)",
      "ERROR: deadlock detected (SQLSTATE 40P01)"
    ),
    (
      "SQLSTATE[23505]: Unique violation: 7 ERROR: duplicate key",
      "SQLSTATE[23505]: Unique violation: <n> ERROR: duplicate key"
    ),
    (
      "ORA-00060: deadlock detected while waiting for resource",
      "ORA-00060: deadlock detected while waiting for resource"
    ),
    (
      "ORA-01017: invalid username/password",
      "ORA-01017: invalid username/password"
    ),
    (
      "Lock wait timeout exceeded; try restarting transaction",
      "Lock wait timeout exceeded; try restarting transaction"
    ),
    (
      "HTTP/1.1 503 Service Unavailable",
      "HTTP/<n> 503 Service Unavailable"
    ),
    (
      "HTTP 429 Too Many Requests, retry after 30 s",
      "HTTP 429 Too Many Requests, retry after <n> s"
    ),
    (
      "{\"timestamp\":\"2026-01-27T10:00:00.000Z\",\"status\":500,\"error\":\"Internal Server Error\",\"message\":"
        + "\"stock short for product 42\",\"path\":\"/reserve/42\"}",
      "{\"timestamp\":<s>,\"status\":500,\"error\":\"Internal Server Error\",\"message\":\"stock short for produc"
        + "t <n>\",\"path\":<s>}"
    ),
    (
      "card declined: insufficient funds (card ****4242, trace 7c9e6679-7425-40de-944b-e07fc1f90ae7)",
      "card declined: insufficient funds (card ****<n>, trace <uuid>)"
    ),
    (
      "Insufficient funds or card declined",
      "Insufficient funds or card declined"
    ),
    (
      "stock short",
      "stock short"
    ),
    (
      "timed out after 3000ms waiting for payment-service-7d9c6b5f4-x2x9k",
      "timed out after <n>ms waiting for payment-service-<hex>-<id>"
    ),
    (
      "order ORD-2024-000123 not found",
      "order ORD-<n>-<n> not found"
    ),
    (
      "message 1234 at 2026-01-27 10:00:00,123 could not be read",
      "message <n> at <time> could not be read"
    ),
    (
      "재고 부족: 상품 42, 수량 3",
      "재고 부족: 상품 <n>, 수량 <n>"
    ),
    (
      "thread 'main' panicked at src/main.rs:4:5:\ncalled `Option::unwrap()` on a `None` value\nnote: ru"
        + "n with RUST_BACKTRACE=1",
      "thread <s> panicked at src/main.rs:<n>:<n>: called <s> on a <s> value"
    ),
    (
      "System.NullReferenceException: Object reference not set to an instance of an object.\n   at Shop"
        + ".Pay.Charge(Int32 id) in C:\\src\\Pay.cs:line 12",
      "System.NullReferenceException: Object reference not set to an instance of an object."
    ),
    (
      "offsets [1, 2, 3] of 10, 20, 30 and 40 are out of range",
      "offsets [<n>, …] of <n>, … and <n> are out of range"
    ),
    (
      "user kim+1@example.com can't pay",
      "user <email> can't pay"
    ),
    (
      "can't find user's order 'it's mine'",
      "can't find user's order <s>"
    ),
    (
      "\u{1b}[31mERROR\u{1b}[0m payment failed 12",
      "ERROR payment failed <n>"
    ),
    (
      "kafka:9092/2: Connect to ipv4#10.0.0.3:9092 failed: Connection refused (after 0ms in state CONN"
        + "ECT, 5 identical error(s) suppressed)",
      "kafka:<n>/<n>: Connect to ipv<n>#<addr> failed: Connection refused (after <n>ms in state CONNEC"
        + "T, <n> identical error(s) suppressed)"
    ),
    (
      "Lock inventory:lock:42 held by 9f86d081-884c-7d65-9a2f-eaa0c55ad015:57 for 12.5s",
      "Lock inventory:lock:<n> held by <uuid>:<n> for <n>s"
    ),
    (
      "txn_9f86d081884c failed; ref=A1B2C3D4E5",
      "txn_<hex> failed; ref=<hex>"
    ),
    (
      "Unknown product “램프” at «창고»",
      "Unknown product <s> at <s>"
    ),
    (
      "com.netflix.hystrix.exception.HystrixRuntimeException: pay timed-out and fallback failed. at co"
        + "m.netflix.hystrix.AbstractCommand$22.call(AbstractCommand.java:822) at rx.Observable.x(Observab"
        + "le.java:1)",
      "com.netflix.hystrix.exception.HystrixRuntimeException: pay timed-out and fallback failed."
    ),
    (
      "x\\n\\tat com.shop.A.b(A.java:1)",
      "x"
    ),
    (
      "TypeError: order.total is not a function at Object.<anonymous> (/srv/shop/order.js:88:14)",
      "TypeError: order.total is not a function"
    ),
    (
      "UnhandledPromiseRejection: ETIMEDOUT 192.168.7.12:9092",
      "UnhandledPromiseRejection: ETIMEDOUT <addr>"
    ),
    (
      "KafkaJSNumberOfRetriesExceeded: Connection error: connect ECONNREFUSED kafka-2:29092",
      "KafkaJSNumberOfRetriesExceeded: Connection error: connect ECONNREFUSED <addr>"
    ),
    (
      "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at \"10.2.0.9\""
        + ", port 5432 failed: FATAL:  too many connections for role \"orders\"",
      "sqlalchemy.exc.OperationalError: (psycopg<n>.OperationalError) connection to server at <s>, por"
        + "t <n> failed: FATAL: too many connections for role <s>"
    ),
    (
      "asyncio.exceptions.TimeoutError",
      "asyncio.exceptions.TimeoutError"
    ),
    (
      "grpc: received message larger than max (5242880 vs. 4194304)",
      "grpc: received message larger than max (<n> vs. <n>)"
    ),
    (
      "json: cannot unmarshal string into Go struct field Order.quantity of type int",
      "json: cannot unmarshal string into Go struct field Order.quantity of type int"
    ),
    (
      "pq: insert or update on table \"payments\" violates foreign key constraint \"payments_order_id_fkey\"",
      "pq: insert or update on table <s> violates foreign key constraint <s>"
    ),
    (
      "redis: connection pool timeout",
      "redis: connection pool timeout"
    ),
    (
      "WRONGTYPE Operation against a key holding the wrong kind of value",
      "WRONGTYPE Operation against a key holding the wrong kind of value"
    ),
    (
      "NOSCRIPT No matching script. Please use EVAL.",
      "NOSCRIPT No matching script. Please use EVAL."
    ),
    (
      "(conn=8123) Lock wait timeout exceeded; try restarting transaction",
      "(conn=<n>) Lock wait timeout exceeded; try restarting transaction"
    ),
    (
      "MySQL 1213: Deadlock found when trying to get lock",
      "MySQL 1213: Deadlock found when trying to get lock"
    ),
    (
      "upstream connect error or disconnect/reset before headers. reset reason: connection failure",
      "upstream connect error or disconnect/reset before headers. reset reason: connection failure"
    ),
    (
      "413 Payload Too Large: 1,048,577 bytes",
      "<n> Payload Too Large: <n> bytes"
    ),
    (
      "exit status 137 after 12.5 s in pod payment-5d8f7c9b4-abcde",
      "exit status 137 after <n> s in pod payment-<hex>-<id>"
    ),
    (
      "GET https://api.pay.example.com/v1/charges/ch_3MmlLrLkdIwHu7ix0snN0B15?expand=1 -> status=402",
      "GET https://<addr>/v<n>/charges/ch_<id>?expand=<n> -> status=402"
    ),
    (
      "com.stripe.exception.CardException: Your card was declined.; code: card_declined; request-id: req_9F8x7Y6z5W4v",
      "com.stripe.exception.CardException: Your card was declined.; code: card_declined; request-id: req_<id>"
    ),
    (
      "amount 12500.00 KRW exceeds limit 10000.00 KRW",
      "amount <n> KRW exceeds limit <n> KRW"
    ),
  ]

  static let same: [[String]] = [
    ["stock short for product 7", "stock short for product 4711"],
    ["dial tcp 10.0.3.17:9092: connect: connection refused", "dial tcp [fe80::1]:9092: connect: connection refused"],
    [
      "connect to payment-service:8085 refused", "connect to localhost:8085 refused", "connect to pay.local:80 refused",
    ],
    ["timeout after 300ms", "timeout after 2500ms", "timeout after 2.5ms"],
    ["order 7c9e6679-7425-40de-944b-e07fc1f90ae7 is gone", "order 00000000-0000-0000-0000-000000000001 is gone"],
    ["no user 'kim'", "no user \"Lee, the second\"", "no user `ann`"],
    ["bad ids [1, 2, 3]", "bad ids [1, 2]", "bad ids [17,4,99]"],
    ["java.lang.Error: x\n\tat a.B.c(B.java:1)", "java.lang.Error: x", "java.lang.Error: x at a.B.c(B.java:99)"],
    ["Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: no", "ValueError: no"],
    ["read at 2026-01-27T10:00:00.000Z", "read at 2026-01-28 11:12:13,456 +0100", "read at 23:59:59.9"],
    ["pod web-5d8f7c9b4-x2x9k died", "pod web-7c9b45d8f-b4q8z died"],
    ["trace 4bf92f3577b34da6a3ce929d0e0e4736", "trace 00f067aa0ba902b7"],
  ]

  static let different: [[String]] = [
    ["HTTP 404", "HTTP 503", "status 500", "status code 502"],
    ["SQLSTATE 23505", "SQLSTATE 40001", "SQLSTATE[40P01]"],
    ["ORA-00060: x", "ORA-01017: x"],
    ["card declined", "card expired", "card declined: insufficient funds"],
    ["connection refused", "connection reset", "connection timed out"],
    ["{\"message\":\"stock short\"}", "{\"message\":\"no such product\"}"],
    ["can't pay", "can't ship"],
  ]
}
