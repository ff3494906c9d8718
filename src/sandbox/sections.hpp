// The parts of a document, each appended as a member with the comma that follows it, or left out.
// Real people leave much unsaid: every part may be missing, so that searches meet CVs that say nothing about a
// criterion.
#pragma once

#include <string>

#include "sandbox/draft.hpp"

namespace cvstroom::sandbox {

void append_person(std::string& out, Draft& draft, const Vocabulary& words);          // natuurlijkPersoon
void append_experiences(std::string& out, Draft& draft, const Vocabulary& words);     // ervaringen
void append_educations(std::string& out, Draft& draft, const Vocabulary& words);      // opleidingen
void append_certifications(std::string& out, Draft& draft, const Vocabulary& words);  // attesteringen
void append_competences(std::string& out, Draft& draft, const Vocabulary& words);     // competenties
// Pre: the educations are written: who has the reserved diploma does not wish for the reserved regions.
void append_wishes(std::string& out, Draft& draft, const Vocabulary& words);  // gewensteJob

}  // namespace cvstroom::sandbox
