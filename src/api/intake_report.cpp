#include "api/intake_report.hpp"

#include "base/json_writer.hpp"

namespace cvstroom::api {

std::string_view wire_name(store::Effect effect) {
    switch (effect) {
        case store::Effect::created:
            return "AANGEMAAKT";
        case store::Effect::changed:
            return "GEWIJZIGD";
        case store::Effect::erased:
            return "GEWIST";
        case store::Effect::unchanged:
            return "ONGEWIJZIGD";
        case store::Effect::unknown:
            return "ONBEKEND";
        case store::Effect::outdated:
            return "VEROUDERD";
    }
    return "";
}

void append_line_report(const store::LineOutcome& outcome, std::string& out) {
    JsonWriter json(out);
    json.begin_object().member("regel", static_cast<std::int64_t>(outcome.line));
    if (outcome.written) {
        json.member("cvId", *outcome.cv).member("resultaat", wire_name(outcome.written->effect));
        json.member("versie", std::int64_t{outcome.written->version});
    } else {
        json.member("resultaat", "GEWEIGERD").key("fouten").begin_array();
        for (const auto& fault : outcome.faults) {
            json.begin_object().member("pointer", fault.pointer).member("detail", fault.message).end_object();
        }
        json.end_array();
    }
    json.end_object();
    out += '\n';
}

void append_summary(const store::LoadSummary& summary, std::string& out) {
    const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    JsonWriter json(out);
    json.begin_object().member("regels", number(summary.lines)).member("aangemaakt", number(summary.created));
    json.member("gewijzigd", number(summary.changed)).member("ongewijzigd", number(summary.unchanged));
    json.member("gewist", number(summary.erased)).member("onbekend", number(summary.unknown));
    json.member("geweigerd", number(summary.refused)).end_object();
    out += '\n';
}

}  // namespace cvstroom::api
