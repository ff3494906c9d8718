#include "api/plan_limits.hpp"

#include "base/text.hpp"
#include "candidate/masking.hpp"

namespace cvstroom::api {
namespace {

LocalText hidden_member() {
    return local_text("hoort niet bij een anoniem abonnement", "ne fait pas partie d'un abonnement anonyme",
                      "is no part of an anonymous subscription");
}

LocalText no_free_text() {
    return local_text("een anoniem abonnement zoekt niet in vrije tekst: die kan verraden van wie een cv is",
                      "un abonnement anonyme ne cherche pas dans le texte libre: il peut trahir de qui est un CV",
                      "an anonymous subscription does not search in free text: that may tell whose CV it is");
}

}  // namespace

void refuse_hidden(const Call& call, const std::vector<Parameter>& parameters, std::vector<ParameterIssue>& issues) {
    if (call.record.plan != partner::Plan::anonymous) return;
    for (const auto& parameter : parameters) {
        if (parameter.name == "trefwoord") {
            issues.push_back({ParameterIssue::Kind::invalid, parameter.name, parameter.value, no_free_text()});
        }
        if (parameter.name != "velden") continue;
        for (const auto path : split(parameter.value, ',')) {
            if (candidate::survives_masking(path)) continue;
            issues.push_back({ParameterIssue::Kind::invalid, parameter.name, std::string(path), hidden_member()});
        }
    }
}

}  // namespace cvstroom::api
