// From query parameters to Criteria. Nothing is ignored: what is not understood is an issue (SPEC 1).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/parameter.hpp"
#include "reference/reference.hpp"
#include "search/criteria.hpp"

namespace cvstroom::search {

struct CriterionName;

// Feed it every parameter of a request, then finish(). One parser a request.
class CriteriaParser {
  public:
    // `now` is what `sinds` counts back from.
    CriteriaParser(const reference::ReferenceData& lists, Instant now) : lists_(lists), now_(now) {}

    // False when the parameter is no criterion: then it is the caller's, or unknown.
    bool take(const Parameter& parameter);

    // The criteria, or, with any in `issues`, as far as they were understood.
    Criteria finish(std::vector<ParameterIssue>& issues);

    // A message for a parameter that nobody knows: a trait that the law protects, or the nearest known name.
    static ParameterIssue unknown_parameter(const Parameter& parameter, const std::vector<std::string_view>& others);

    static constexpr std::size_t most_values = 200;  // of one criterion

  private:
    struct Collected;

    void take_codes(const CriterionName& name, const Parameter& parameter);
    void take_value(const CriterionName& name, const Parameter& parameter, std::string_view text, Criterion& criterion);
    void take_modifier(const Parameter& parameter);
    void take_instant(const Parameter& parameter, std::optional<Instant>& into);
    void take_days(const Parameter& parameter);
    void take_text(const Parameter& parameter);
    void take_postcode(const Parameter& parameter);
    void take_radius(const Parameter& parameter);
    void take_own_car(const Parameter& parameter);
    void take_unknown(const Parameter& parameter);
    void take_year(const Parameter& parameter);
    void take_experience(const Parameter& parameter);
    void apply_modifiers();
    void raise_ranks(index::Dimension dimension, std::string_view modifier, std::uint16_t rank);
    void issue(const Parameter& parameter, LocalText detail, ParameterIssue::Kind kind = ParameterIssue::Kind::invalid);

    const reference::ReferenceData& lists_;
    Instant now_;
    Criteria criteria_;
    std::map<std::string, Parameter, std::less<>> modifiers_;  // behaald, ervaring, onbekend, …: each at most once
    std::vector<ParameterIssue> issues_;
};

}  // namespace cvstroom::search
