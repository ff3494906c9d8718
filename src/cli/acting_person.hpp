// Who runs a command, for the records that it leaves.
#pragma once

#include <string>

namespace cvstroom::cli {

// `given` (--by), or else "user@host" of this process. The record is as good as the machine's own accounts.
std::string acting_person(const std::string& given);

}  // namespace cvstroom::cli
