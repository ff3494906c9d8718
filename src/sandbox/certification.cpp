#include "sandbox/list_writer.hpp"
#include "sandbox/sections.hpp"

namespace cvstroom::sandbox {
namespace {

void append_licence(ListWriter& list, std::string_view code) {
    std::string& out = list.next();
    out += R"({"type":"rijbewijs","code":")";
    out += code;
    out += "\"}";
}

void append_car_licence(ListWriter& list, Random& random) {
    std::string& out = list.next();
    out += R"({"type":"rijbewijs","code":"B")";
    const std::size_t said = random.below(100);
    if (said < 72) {
        out += R"(,"eigenWagen":true)";
    } else if (said < 90) {
        out += R"(,"eigenWagen":false)";
    }
    out += '}';
}

void append_licences(ListWriter& list, Draft& draft) {
    Random& random = draft.random;
    const Vehicle vehicle = draft.profession->vehicle;
    const bool drives_for_a_living = vehicle != Vehicle::car;
    if (random.chance(7)) append_licence(list, "AM");
    if (random.chance(4)) append_licence(list, "A");
    if (!drives_for_a_living && !random.chance(draft.age < 21 ? 45 : 73)) return;
    append_car_licence(list, random);
    if (random.chance(4)) append_licence(list, "BE");
    if (vehicle == Vehicle::truck) {
        append_licence(list, "C");
        if (random.chance(75)) append_licence(list, "CE");
        append_licence(list, random.chance(60) ? "CE_VAK" : "C_VAK");
    } else if (vehicle == Vehicle::bus) {
        append_licence(list, "D");
        append_licence(list, "D_VAK");
    } else if (random.chance(2)) {
        append_licence(list, "C1");
    }
    if (draft.profession->main_domain == 0 && random.chance(40)) append_licence(list, "G");
}

void append_certificate(ListWriter& list, const std::string& code) {
    std::string& out = list.next();
    out += R"({"type":"attest","code":")";
    out += code;
    out += "\"}";
}

// One to three that follow each other in the list, so that none stands twice.
void append_certificates(ListWriter& list, Draft& draft, const Trades& trades) {
    const auto& fitting = trades.certificates[draft.profession->main_domain];
    if (!fitting.empty() && draft.random.chance(35)) {
        const std::size_t first = draft.random.below(fitting.size());
        const std::size_t last = std::min(fitting.size(), first + 1 + draft.random.below(3));
        for (std::size_t i = first; i < last; ++i) append_certificate(list, fitting[i]);
    }
    if (draft.random.chance(5)) append_certificate(list, draft.random.pick(trades.general_certificates));
}

}  // namespace

void append_certifications(std::string& out, Draft& draft, const Vocabulary& words) {
    ListWriter list(out, "attesteringen");
    append_licences(list, draft);
    append_certificates(list, draft, words.trades);
}

}  // namespace cvstroom::sandbox
