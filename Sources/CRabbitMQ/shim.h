#pragma once
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>

/* Swift calls no variadic functions. */
static inline amqp_rpc_reply_t checker_amqp_login(amqp_connection_state_t state, const char *vhost, int frame_max,
                                                  int heartbeat_seconds, const char *user, const char *password) {
  return amqp_login(state, vhost, 0, frame_max, heartbeat_seconds, AMQP_SASL_METHOD_PLAIN, user, password);
}
