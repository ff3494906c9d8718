// Whatever a provider sends is refused with a reason, or read into a document whose canonical form reads back to
// itself.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "candidate/canonical.hpp"
#include "candidate/parse.hpp"

namespace {

using namespace cvstroom;

// Knows every short code, so that documents of all kinds get through.
class AnyCode final : public candidate::CodeBook {
  public:
    bool knows(candidate::CodeKind, std::string_view code) const override { return code.size() < 12; }
    std::string nearest(candidate::CodeKind, std::string_view) const override { return {}; }
};

void check_refusal(const std::vector<candidate::Fault>& faults) {
    if (faults.empty()) std::abort();
    for (const auto& fault : faults) {
        if (fault.message.empty() || !is_valid_utf8(fault.pointer) || !is_valid_utf8(fault.message)) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const AnyCode codes;
    static candidate::Parser parser(codes);
    const auto first = parser.parse({reinterpret_cast<const char*>(data), size});
    if (!first) {
        check_refusal(first.error());
        return 0;
    }
    const std::string canonical = candidate::to_canonical(*first);
    const auto second = parser.parse(canonical);
    if (!second || candidate::to_canonical(*second) != canonical) std::abort();
    return 0;
}
