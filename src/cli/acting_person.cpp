#include "cli/acting_person.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

namespace cvstroom::cli {

std::string acting_person(const std::string& given) {
    if (!given.empty()) return given;
    const passwd* account = getpwuid(getuid());
    std::array<char, 256> host{};
    if (gethostname(host.data(), host.size() - 1) != 0) host.front() = '\0';
    return (account != nullptr ? std::string(account->pw_name) : std::to_string(getuid())) + '@' + host.data();
}

}  // namespace cvstroom::cli
