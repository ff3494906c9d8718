// How the program logs: to standard error, as text for people or one JSON object a line for machines.
#pragma once

#include <memory>
#include <string>

#include <spdlog/formatter.h>

namespace cvstroom::cli {

struct LogOptions {
    std::string format = "text";  // text, json
    std::string level = "info";   // debug, info, warn, error
};

// Makes this the way in which everything logs. Times are UTC.
void set_up_logging(const LogOptions& options);

// {"time":"…","level":"info","message":"…"} and a member for each field of a LogLine (base/log_line.hpp).
std::unique_ptr<spdlog::formatter> make_json_formatter();
// "2026-02-13T12:00:00.000Z info message name=value"; line breaks in a message become spaces, so that nothing that a
// client sent can look like a line of the log.
std::unique_ptr<spdlog::formatter> make_text_formatter();

}  // namespace cvstroom::cli
