#include "cli/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>

namespace cvstroom::cli {

bool notify_service_manager(std::string_view state) {
    const char* given = std::getenv("NOTIFY_SOCKET");
    const std::string name = given == nullptr ? "" : given;
    sockaddr_un address{};
    if ((name[0] != '/' && name[0] != '@') || name.size() >= sizeof address.sun_path) return false;
    address.sun_family = AF_UNIX;
    std::copy(name.begin(), name.end(), address.sun_path);
    if (name[0] == '@') address.sun_path[0] = '\0';  // the abstract namespace (unix(7))
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return false;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    const auto sent =
        sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), size);
    close(socket);
    return sent == static_cast<ssize_t>(state.size());
}

}  // namespace cvstroom::cli
