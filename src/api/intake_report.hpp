// How the results of a load are written, for the provider's door and for the command line alike: one JSON object a
// line.
#pragma once

#include <string>
#include <string_view>

#include "store/bulk_load.hpp"

namespace cvstroom::api {

// "AANGEMAAKT", "GEWIJZIGD", "GEWIST", "ONGEWIJZIGD", "ONBEKEND", "VEROUDERD".
std::string_view wire_name(store::Effect effect);

// {"regel":3,"cvId":"…","resultaat":"AANGEMAAKT","versie":1} or {"regel":4,"resultaat":"GEWEIGERD","fouten":[…]}.
void append_line_report(const store::LineOutcome& outcome, std::string& out);

// {"regels":…,"aangemaakt":…,"gewijzigd":…,"ongewijzigd":…,"gewist":…,"onbekend":…,"geweigerd":…}: the closing line.
void append_summary(const store::LoadSummary& summary, std::string& out);

}  // namespace cvstroom::api
