#include "mirror/control.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "base/digest.hpp"
#include "mirror/json_members.hpp"

namespace cvstroom::mirror {
namespace {

namespace dom = simdjson::dom;

std::uint64_t big_endian(const std::uint8_t* bytes) {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) number = number << 8 | bytes[i];
    return number;
}

bool read_bucket(const dom::object& object, ControlBucket& bucket) {
    bucket.prefix = text_of(object, "voorvoegsel");
    bucket.digest = text_of(object, "digest");
    return object["aantal"].get(bucket.count) == simdjson::SUCCESS && bucket.digest.size() == 32;
}

bool read_answer(const dom::object& object, ControlAnswer& answer) {
    if (!read_bucket(object, answer.whole)) return false;
    answer.epoch = text_of(object, "epoche");
    dom::array entries;
    if (object["cvs"].get(entries) == simdjson::SUCCESS) {
        answer.has_cvs = true;
        for (const dom::element entry : entries) {
            dom::object cv;
            if (entry.get(cv) != simdjson::SUCCESS) return false;
            const auto id = Uuid::parse(text_of(cv, "cvId"));
            CvVersion member;
            if (!id || cv["versie"].get(member.version) != simdjson::SUCCESS) return false;
            member.cv = *id;
            answer.cvs.push_back(member);
        }
        std::sort(answer.cvs.begin(), answer.cvs.end());
        return true;
    }
    if (object["emmers"].get(entries) != simdjson::SUCCESS) return false;
    for (const dom::element entry : entries) {
        dom::object bucket;
        if (entry.get(bucket) != simdjson::SUCCESS || !read_bucket(bucket, answer.buckets.emplace_back())) return false;
        // A bucket that does not lie inside what was asked would send the search in circles.
        if (answer.buckets.back().prefix.size() <= answer.whole.prefix.size()) return false;
    }
    return !answer.buckets.empty();
}

}  // namespace

void SetDigest::add(const CvVersion& member) {
    std::string bytes(member.cv.bytes.begin(), member.cv.bytes.end());
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(member.version >> shift & 0xFF);
    const Sha256 digest = sha256(bytes);
    const auto low = big_endian(digest.data() + 8);
    low_ += low;
    high_ += big_endian(digest.data()) + (low_ < low ? 1 : 0);
}

std::string SetDigest::to_hex() const {
    return fmt::format("{:016x}{:016x}", high_, low_);
}

Result<ControlAnswer> ask_control(CvApi& api, const std::string& at, const std::string& prefix) {
    HttpRequest request;
    request.url = api.base() + "/kandidaten/bulk/controle?op=" + url_encoded(at) + "&voorvoegsel=" + prefix;
    request.fields = {"Accept: application/json"};
    const auto response = api.caller().call(std::move(request));
    if (!response) return tl::unexpected(response.error());
    if (response->status != 200) return tl::unexpected(CvApi::refusal(*response));
    dom::parser parser;
    dom::object object;
    ControlAnswer answer;
    if (parser.parse(response->body.data(), response->body.size()).get(object) != simdjson::SUCCESS ||
        !read_answer(object, answer)) {
        return fail(ErrorCode::corrupt, "the API's controle cannot be read");
    }
    return answer;
}

std::span<const CvVersion> with_prefix(std::span<const CvVersion> sorted, std::string_view prefix) {
    Uuid least;
    Uuid most;
    most.bytes.fill(0xFF);
    for (std::size_t i = 0; i < prefix.size() && i < 32; ++i) {
        const char c = prefix[i];
        const auto digit = static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10);
        const bool is_high = i % 2 == 0;
        auto& low_byte = least.bytes[i / 2];
        auto& high_byte = most.bytes[i / 2];
        low_byte = static_cast<std::uint8_t>(is_high ? digit << 4 : (low_byte & 0xF0) | digit);
        high_byte = static_cast<std::uint8_t>(is_high ? digit << 4 | 0x0F : (high_byte & 0xF0) | digit);
    }
    const auto begin =
        std::partition_point(sorted.begin(), sorted.end(), [&](const CvVersion& each) { return each.cv < least; });
    const auto end = std::partition_point(begin, sorted.end(), [&](const CvVersion& each) { return each.cv <= most; });
    return {begin, end};
}

ControlBucket summarize(std::span<const CvVersion> members, std::string prefix) {
    SetDigest digest;
    for (const auto& each : members) digest.add(each);
    return {std::move(prefix), members.size(), digest.to_hex()};
}

}  // namespace cvstroom::mirror
