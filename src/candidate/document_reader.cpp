#include "candidate/document_reader.hpp"

#include <limits>

#include "candidate/entry_reader.hpp"

namespace cvstroom::candidate {
namespace {

namespace dom = simdjson::dom;

bool is_belgian(const Address& address) {
    if (address.country) return *address.country == "BE";
    return address.postcode && is_belgian_postcode(*address.postcode);
}

// Last, because the country may stand after the municipality.
void check_municipality(ValueReader& values, const Address& address) {
    if (!address.municipality || !is_belgian(address)) return;
    const auto right = belgian_municipality_rule(*address.municipality);
    if (!right.empty()) values.fault_at("gemeente", "must be " + std::string(right));
}

Address read_address(ValueReader& values, dom::element value) {
    Address address;
    values.object(value, [&](std::string_view name, dom::element member) {
        if (name == "straat") {
            address.street = values.text(member);
        } else if (name == "huisnummer") {
            address.house_number = values.text(member);
        } else if (name == "busnummer") {
            address.box = values.text(member);
        } else if (name == "postcode") {
            address.postcode = values.text(member, postcode_rule);
        } else if (name == "gemeente") {
            address.municipality = values.text(member, filled_text_rule);
        } else if (name == "land") {
            address.country = values.text(member, country_rule);
        } else {
            values.keep(member, address.extras);
        }
    });
    check_municipality(values, address);
    return address;
}

// How to reach a person; false when the member is none of these.
bool read_contact(ValueReader& values, std::string_view name, dom::element member, Person& person) {
    if (name == "gsm") {
        person.mobile_phone = values.text(member, phone_rule);
    } else if (name == "telefoon") {
        person.phone = values.text(member, phone_rule);
    } else if (name == "officieelAdres") {
        person.official_address = read_address(values, member);
    } else if (name == "contactAdres") {
        person.contact_address = read_address(values, member);
    } else if (name == "email") {
        person.email = values.text(member, email_rule);
    } else if (name == "website") {
        person.website = values.text(member, website_rule);
    } else {
        return false;
    }
    return true;
}

Person read_person(ValueReader& values, dom::element value) {
    Person person;
    values.object(value, [&](std::string_view name, dom::element member) {
        if (read_contact(values, name, member, person)) return;
        if (name == "achternaam") {
            person.family_name = values.text(member);
        } else if (name == "voornaam") {
            person.given_name = values.text(member);
        } else if (name == "roepnaam") {
            person.preferred_name = values.text(member);
        } else if (name == "geslacht") {
            person.gender = values.text(member, gender_rule);
        } else if (name == "nationaliteit") {
            person.nationality = values.text(member, country_rule);
        } else if (name == "geboortedatum") {
            person.birth_date = values.date(member);
        } else {
            values.keep(member, person.extras);
        }
    });
    return person;
}

ProfessionProfile read_profile(ValueReader& values, dom::element value) {
    ProfessionProfile profile;
    values.object(value, [&](std::string_view name, dom::element member) {
        if (name == "code") {
            profile.code = values.code(member, CodeKind::profession).value_or(std::string());
        } else {
            values.keep(member, profile.extras);
        }
    });
    values.require(value, "code");
    return profile;
}

WantedFunction read_function(ValueReader& values, dom::element value) {
    WantedFunction function;
    values.object(value, [&](std::string_view name, dom::element member) {
        if (name == "titel") {
            function.title = values.text(member);
        } else if (name == "ervaring") {
            function.experience = values.code(member, CodeKind::experience_level);
        } else if (name == "beroepsprofiel") {
            function.profile = read_profile(values, member);
        } else {
            values.keep(member, function.extras);
        }
    });
    return function;
}

// A list whose entries are read by a function of their own.
template <typename Entry>
OptionalList<Entry> read_list(ValueReader& values, dom::element list, Entry (*read)(ValueReader&, dom::element)) {
    return values.list<Entry>(list, [&](dom::element entry) { return read(values, entry); });
}

WantedJob read_wanted_job(ValueReader& values, dom::element value) {
    WantedJob job;
    values.object(value, [&](std::string_view name, dom::element member) {
        if (name == "arbeidsRegimes") {
            job.work_regimes = values.codes(member, CodeKind::work_regime);
        } else if (name == "arbeidsStelsels") {
            job.work_systems = values.codes(member, CodeKind::work_system);
        } else if (name == "regios") {
            job.regions = values.codes(member, CodeKind::region);
        } else if (name == "functies") {
            job.functions = read_list(values, member, read_function);
        } else {
            values.keep(member, job.extras);
        }
    });
    return job;
}

Extras read_personal_interest(ValueReader& values, dom::element value) {
    Extras extras;
    values.object(value, [&](std::string_view, dom::element member) { values.keep(member, extras); });
    return extras;
}

// The document's own data; false when the member is none of these.
bool read_identity(ValueReader& values, std::string_view name, dom::element member, Candidate& candidate) {
    if (name == "cvId") {
        candidate.id = values.uuid(member).value_or(Uuid{});
    } else if (name == "status") {
        candidate.status = values.status(member).value_or(Status::open);
    } else if (name == "wijzigingsDatum") {
        candidate.changed_on = values.date(member).value_or(Date{});
    } else if (name == "iklId") {
        candidate.ikl_id = values.integer(member, 0, std::numeric_limits<std::int64_t>::max());
    } else {
        return false;
    }
    return true;
}

void read_part(ValueReader& values, std::string_view name, dom::element member, Candidate& candidate) {
    if (name == "persoonlijkeInteresse") {
        candidate.personal_interest = read_personal_interest(values, member);
    } else if (name == "natuurlijkPersoon") {
        candidate.person = read_person(values, member);
    } else if (name == "ervaringen") {
        candidate.experiences = read_list(values, member, read_experience);
    } else if (name == "opleidingen") {
        candidate.educations = read_list(values, member, read_education);
    } else if (name == "attesteringen") {
        candidate.certifications = read_list(values, member, read_certification);
    } else if (name == "competenties") {
        candidate.competences = read_list(values, member, read_competence);
    } else if (name == "gewensteJob") {
        candidate.wanted_job = read_wanted_job(values, member);
    } else {
        values.keep(member, candidate.extras);
    }
}

}  // namespace

Candidate read_candidate(ValueReader& values, dom::element document) {
    Candidate candidate;
    values.object(document, [&](std::string_view name, dom::element member) {
        if (!read_identity(values, name, member, candidate)) read_part(values, name, member, candidate);
    });
    values.require(document, "cvId");
    values.require(document, "status");
    values.require(document, "wijzigingsDatum");
    return candidate;
}

}  // namespace cvstroom::candidate
