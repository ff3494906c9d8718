// Tells the service manager how the service is: sd_notify(3), which is one datagram to the socket that NOTIFY_SOCKET
// names. Without a service manager nothing happens.
#pragma once

#include <string_view>

namespace cvstroom::cli {

// "READY=1", "STOPPING=1", "STATUS=…". Returns whether anybody was told.
bool notify_service_manager(std::string_view state);

}  // namespace cvstroom::cli
