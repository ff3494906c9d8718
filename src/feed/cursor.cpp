#include "feed/cursor.hpp"

#include "base/digest.hpp"

namespace cvstroom::feed {
namespace {

constexpr char whole_feed = 1;
constexpr char with_selection = 2;  // its digest stands at the end
constexpr std::size_t selection_length = 16;
constexpr std::size_t mac_length = 16;
constexpr std::size_t payload_length = 1 + 1 + 16 + 5 * 8;

void append_number(std::string& out, std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>((value >> shift) & 0xFFU));
}

std::uint64_t take_number(std::string_view& bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = (value << 8U) | static_cast<std::uint8_t>(bytes[static_cast<std::size_t>(i)]);
    bytes.remove_prefix(8);
    return value;
}

std::uint64_t to_number(Instant instant) {
    return static_cast<std::uint64_t>(instant.time_since_epoch().count());
}

Instant to_instant(std::uint64_t number) {
    return Instant{std::chrono::microseconds{static_cast<std::int64_t>(number)}};
}

std::string mac_of(std::string_view payload, std::span<const std::uint8_t> secret) {
    const Sha256 mac = hmac_sha256(secret, payload);
    return {reinterpret_cast<const char*>(mac.data()), mac_length};
}

tl::unexpected<Error> refused() {
    return fail(ErrorCode::invalid_input, "not a cursor that this service gave out", "vervolg");
}

}  // namespace

bool Cursor::operator==(const Cursor& other) const {
    return epoch == other.epoch && range.from == other.range.from && range.until == other.range.until &&
           range.only_published == other.range.only_published && from == other.from && until == other.until &&
           selection == other.selection && position == other.position;
}

std::string encode(const Cursor& cursor, std::span<const std::uint8_t> secret) {
    std::string payload;
    payload.reserve(payload_length + mac_length);
    payload.push_back(cursor.selection ? with_selection : whole_feed);
    payload.push_back(cursor.from ? 'w' : 'i');
    payload.append(reinterpret_cast<const char*>(cursor.epoch.bytes.data()), cursor.epoch.bytes.size());
    append_number(payload, cursor.range.from);
    append_number(payload, cursor.range.until);
    append_number(payload, to_number(cursor.from.value_or(Instant{})));
    append_number(payload, to_number(cursor.until));
    append_number(payload, cursor.position);
    if (cursor.selection) {
        payload.append(reinterpret_cast<const char*>(cursor.selection->data()), cursor.selection->size());
    }
    payload += mac_of(payload, secret);
    return to_base64url(payload);
}

Result<Cursor> decode(std::string_view text, std::span<const std::uint8_t> secret) {
    const auto bytes = from_base64url(text);
    if (!bytes || bytes->size() < payload_length + mac_length) return refused();
    std::string_view payload = std::string_view(*bytes).substr(0, bytes->size() - mac_length);
    const auto mac = std::string_view(*bytes).substr(payload.size());
    if (!equal_in_constant_time(mac, mac_of(payload, secret))) return refused();
    const bool has_selection = payload[0] == with_selection;
    if (!has_selection && payload[0] != whole_feed) return refused();
    if (payload.size() != payload_length + (has_selection ? selection_length : 0)) return refused();
    const bool is_initial = payload[1] == 'i';
    payload.remove_prefix(2);
    Cursor cursor;
    payload.copy(reinterpret_cast<char*>(cursor.epoch.bytes.data()), cursor.epoch.bytes.size());
    payload.remove_prefix(cursor.epoch.bytes.size());
    cursor.range.from = take_number(payload);
    cursor.range.until = take_number(payload);
    cursor.range.only_published = is_initial;
    const Instant from = to_instant(take_number(payload));
    if (!is_initial) cursor.from = from;
    cursor.until = to_instant(take_number(payload));
    cursor.position = take_number(payload);
    if (has_selection) {
        auto& digest = cursor.selection.emplace();
        payload.copy(reinterpret_cast<char*>(digest.data()), digest.size());
    }
    return cursor;
}

}  // namespace cvstroom::feed
