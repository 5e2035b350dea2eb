#pragma once
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// Functions for macros.

/// Sets the server's name for the handshake (SNI).
static inline long sg_ssl_set_name(SSL *ssl, const char *name) { return SSL_set_tlsext_host_name(ssl, name); }

/// TLS 1.2 or newer; writes may be partial and may be repeated from another buffer.
static inline void sg_ssl_configure(SSL_CTX *context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}
