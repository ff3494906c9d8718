// Documents for the tests of this room, and a book of the codes that they use.
#pragma once

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "candidate/parse.hpp"

namespace cvstroom::candidate {

// Knows the codes of the seed's documents and of the tests; for an unknown diploma it names one that is near.
class SmallCodeBook final : public CodeBook {
  public:
    bool knows(CodeKind kind, std::string_view code) const override { return known_.at(kind).contains(code); }

    std::string nearest(CodeKind kind, std::string_view code) const override {
        return kind == CodeKind::diploma && code.starts_with("MAE") ? "MAE5AHH" : "";
    }

  private:
    using Codes = std::set<std::string_view>;

    const std::map<CodeKind, Codes> known_{
        {CodeKind::diploma, {"MAE5AHH", "MAN1NOO"}},
        {CodeKind::region, {"BE1", "BE231A", "BE231B", "BE234B", "BE241A", "BE241B"}},
        {CodeKind::profession, {"M140201-1", "M130201-1", "N130101-1", "N130201-1", "H140101-1", "H140201-1"}},
        {CodeKind::competence, {"11721", "18138", "24557", "16394", "18599", "14904", "22232", "16669", "10784"}},
        {CodeKind::competence_score, {"41", "42", "43"}},
        {CodeKind::soft_skill, {"12", "8", "10", "5", "9"}},
        {CodeKind::language, {"N", "F", "E", "D"}},
        {CodeKind::language_level, {"0", "1", "2", "3"}},
        {CodeKind::driving_licence, {"B", "C"}},
        {CodeKind::certificate, {"ATT001"}},
        {CodeKind::work_regime, {"V", "D"}},
        {CodeKind::work_system, {"D", "N"}},
        {CodeKind::experience_level, {"0", "1", "2", "3", "4"}},
    };
};

// A parser with its book; anew for every document, so that no test leans on the one before.
inline tl::expected<Candidate, std::vector<Fault>> parse(std::string_view json, ParseLimits limits = {}) {
    const SmallCodeBook codes;
    return Parser(codes, limits).parse(json);
}

// No fault when the document is right.
inline std::vector<Fault> faults_in(std::string_view json, ParseLimits limits = {}) {
    const auto candidate = parse(json, limits);
    return candidate ? std::vector<Fault>{} : candidate.error();
}

inline std::vector<std::string> pointers_in(std::string_view json, ParseLimits limits = {}) {
    std::vector<std::string> pointers;
    for (const Fault& fault : faults_in(json, limits)) pointers.push_back(fault.pointer);
    return pointers;
}

// A document with the required members and these.
inline std::string document_with(std::string_view members) {
    std::string json =
        R"({"cvId":"cb60cf85-1380-4a5a-adae-0b7bc6160661","status":"OPEN","wijzigingsDatum":"2022-07-27")";
    if (!members.empty()) json.append(",").append(members);
    return json.append("}");
}

inline std::string fixture(std::string_view name) {
    std::ifstream file(std::string(CVSTROOM_SOURCE_DIR "/tests/fixtures/").append(name), std::ios::binary);
    if (!file) throw std::runtime_error("no fixture " + std::string(name));
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace cvstroom::candidate
