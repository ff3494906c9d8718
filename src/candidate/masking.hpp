// What is left of a CV for a subscription without personal data (plan "anoniem"; docs/partners.md has the table).
#pragma once

#include <string>
#include <string_view>

namespace cvstroom::candidate {

// The canonical document without what tells who it is. An allow-list: only what stands in it stays, so a member that
// this version does not know goes too.
//
// Stays: cvId, status, wijzigingsDatum; of the person postcode, municipality and country of the addresses, and
// `geboortejaar`, the year of birth rounded down to five; experiences with type, dates, title and employer; educations
// with type, dates, and the code of a study; certificates and driving licences; competences with codes and levels;
// the wanted job with codes and titles.
// Goes: name, telephone, mail, website, street, house number, birth date, gender, nationality, iklId, interests, free
// competences, courses' names, and all free texts but titles and employers' names. Those go as well when they hold
// something of the person: a name or another hidden value of this document, a mail address, a link, a long number.
//
// Pre: a canonical document (candidate/canonical.hpp) of a published CV. Bytes that are no JSON object give "{}".
// Thread-safe. Some 5 microseconds for a usual document.
std::string mask(std::string_view canonical);

// Whether a dotted path (`velden`) names something that mask() leaves, or an object that holds such.
bool survives_masking(std::string_view path);

}  // namespace cvstroom::candidate
