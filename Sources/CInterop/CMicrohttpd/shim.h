#pragma once
#include <microhttpd.h>

// libmicrohttpd's variadic functions, which Swift cannot call.

/// Starts a server on the listening socket `listener` without a thread: the caller waits on `sg_http_descriptor` and calls `MHD_run`.
/// `completed` is called at the end of each request, successful or not. Connections may be suspended. Returns NULL on failure.
static inline struct MHD_Daemon *sg_http_start(
    int listener, MHD_AccessHandlerCallback handler, MHD_RequestCompletedCallback completed, void *context) {
  return MHD_start_daemon(
      MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handler, context, MHD_OPTION_LISTEN_SOCKET,
      (MHD_socket)listener, MHD_OPTION_CONNECTION_LIMIT, 256u, MHD_OPTION_CONNECTION_TIMEOUT, 30u,
      MHD_OPTION_NOTIFY_COMPLETED, completed, context, MHD_OPTION_END);
}

/// The descriptor that becomes readable when `MHD_run` has work, or -1.
static inline int sg_http_descriptor(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
  return info == NULL ? -1 : info->epoll_fd;
}
