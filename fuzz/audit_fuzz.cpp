// Whatever stands in an audit's file is read or refused; a record that is read survives a round trip; and no file that
// was not sealed with the key counts as sealed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "audit/scan.hpp"

namespace {

using namespace cvstroom;

void check_record(std::string_view line) {
    const auto record = audit::read_record(line);
    if (!record) return;
    std::string again;
    audit::append_record(again, *record);
    again.pop_back();
    const auto second = audit::read_record(again);
    if (!second || second->trace != record->trace || second->partner != record->partner || second->at != record->at ||
        second->members != record->members || second->cvs.size() != record->cvs.size()) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_record(text);
    audit::read_header(text);
    audit::read_seal(text);
    const auto scan = audit::scan_file(text, audit::Key{}, {});
    if (scan.end + scan.unfinished != text.size()) std::abort();
    if (scan.last && scan.end == 0) std::abort();
    return 0;
}
