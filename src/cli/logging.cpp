#include "cli/logging.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string_view>

#include "base/json_writer.hpp"
#include "base/log_line.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace cvstroom::cli {
namespace {

std::string time_of(const spdlog::details::log_msg& message) {
    return format_instant(std::chrono::time_point_cast<std::chrono::microseconds>(message.time));
}

std::string_view level_of(const spdlog::details::log_msg& message) {
    const auto name = spdlog::level::to_string_view(message.level);
    return {name.data(), name.size()};
}

// JSON must be UTF-8, whatever bytes a library put into its message.
std::string as_utf8(std::string_view text) {
    std::string clean(text);
    if (!is_valid_utf8(clean)) {
        std::replace_if(
            clean.begin(), clean.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    }
    return clean;
}

class JsonFormatter final : public spdlog::formatter {
  public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& into) override {
        std::string line;
        JsonWriter json(line);
        json.begin_object().member("time", time_of(message)).member("level", level_of(message));
        const std::string text = as_utf8({message.payload.data(), message.payload.size()});
        const auto parts = split(text, LogLine::separator);
        json.member("message", parts.front());
        for (std::size_t i = 1; i < parts.size(); ++i) {
            const auto equals = std::min(parts[i].find('='), parts[i].size());
            json.member(parts[i].substr(0, equals), parts[i].substr(std::min(equals + 1, parts[i].size())));
        }
        json.end_object();
        line += '\n';
        into.append(line.data(), line.data() + line.size());
    }
    std::unique_ptr<spdlog::formatter> clone() const override { return make_json_formatter(); }
};

class TextFormatter final : public spdlog::formatter {
  public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& into) override {
        std::string line = time_of(message);
        line.append(1, ' ').append(level_of(message)).append(1, ' ');
        for (const char c : message.payload) line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        line += '\n';
        into.append(line.data(), line.data() + line.size());
    }
    std::unique_ptr<spdlog::formatter> clone() const override { return make_text_formatter(); }
};

}  // namespace

std::unique_ptr<spdlog::formatter> make_json_formatter() {
    return std::make_unique<JsonFormatter>();
}

std::unique_ptr<spdlog::formatter> make_text_formatter() {
    return std::make_unique<TextFormatter>();
}

void set_up_logging(const LogOptions& options) {
    spdlog::drop("cvstroom");
    auto logger = spdlog::stderr_color_mt("cvstroom");
    logger->set_formatter(options.format == "json" ? make_json_formatter() : make_text_formatter());
    logger->set_level(spdlog::level::from_str(options.level));
    spdlog::set_default_logger(std::move(logger));
}

}  // namespace cvstroom::cli
