// Reads the entries of the four lists of a document, each of which says by `type` what it is (SPEC 2).
#pragma once

#include "candidate/value_reader.hpp"

namespace cvstroom::candidate {

Experience read_experience(ValueReader& values, simdjson::dom::element entry);
Education read_education(ValueReader& values, simdjson::dom::element entry);
Certification read_certification(ValueReader& values, simdjson::dom::element entry);
Competence read_competence(ValueReader& values, simdjson::dom::element entry);

}  // namespace cvstroom::candidate
