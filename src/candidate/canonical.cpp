#include "candidate/canonical.hpp"

#include "base/json_writer.hpp"

namespace cvstroom::candidate {
namespace {

// Most documents fit; a longer one grows the string once or twice.
constexpr std::size_t usual_bytes = 6 * 1024;

void write(JsonWriter& out, const Extras& extras) {
    for (const Extra& extra : extras) out.key(extra.name).raw(extra.value);
}

void write(JsonWriter& out, std::string_view name, const std::optional<std::string>& value) {
    if (value) out.member(name, std::string_view(*value));
}

void write(JsonWriter& out, std::string_view name, const std::optional<Date>& value) {
    if (value) out.member(name, std::string_view(format_date(*value)));
}

void write(JsonWriter& out, std::string_view name, std::optional<std::int64_t> value) {
    if (value) out.member(name, *value);
}

void write(JsonWriter& out, std::string_view name, std::optional<bool> value) {
    if (value) out.member(name, *value);
}

void write(JsonWriter& out, std::string_view name, const OptionalList<std::string>& values) {
    if (!values) return;
    out.key(name).begin_array();
    for (const std::string& value : *values) out.string(value);
    out.end_array();
}

// The members of each object in the order of the seed's documents.
void write_members(JsonWriter& out, const Address& address);
void write_members(JsonWriter& out, const Employer& employer);
void write_members(JsonWriter& out, const ProfessionProfile& profile);
void write_members(JsonWriter& out, const Person& person);
void write_members(JsonWriter& out, const Experience& experience);
void write_members(JsonWriter& out, const Education& education);
void write_members(JsonWriter& out, const Certification& certification);
void write_members(JsonWriter& out, const Competence& competence);
void write_members(JsonWriter& out, const WantedFunction& function);
void write_members(JsonWriter& out, const WantedJob& job);
void write_members(JsonWriter& out, const Candidate& candidate);

void write_members(JsonWriter& out, const Address& address) {
    write(out, "straat", address.street);
    write(out, "huisnummer", address.house_number);
    write(out, "busnummer", address.box);
    write(out, "postcode", address.postcode);
    write(out, "gemeente", address.municipality);
    write(out, "land", address.country);
}

void write_members(JsonWriter& out, const Employer& employer) {
    write(out, "naam", employer.name);
}

void write_members(JsonWriter& out, const ProfessionProfile& profile) {
    out.member("code", std::string_view(profile.code));
}

// What write_members leaves to do for every object: the brackets, and what is not known.
template <typename T>
void write_object(JsonWriter& out, const T& value) {
    out.begin_object();
    write_members(out, value);
    write(out, value.extras);
    out.end_object();
}

template <typename T>
void write_object(JsonWriter& out, std::string_view name, const std::optional<T>& value) {
    if (!value) return;
    out.key(name);
    write_object(out, *value);
}

template <typename T>
void write_objects(JsonWriter& out, std::string_view name, const OptionalList<T>& values) {
    if (!values) return;
    out.key(name).begin_array();
    for (const T& value : *values) write_object(out, value);
    out.end_array();
}

void write_members(JsonWriter& out, const Person& person) {
    write(out, "gsm", person.mobile_phone);
    write(out, "telefoon", person.phone);
    write_object(out, "officieelAdres", person.official_address);
    write_object(out, "contactAdres", person.contact_address);
    write(out, "email", person.email);
    write(out, "achternaam", person.family_name);
    write(out, "voornaam", person.given_name);
    write(out, "roepnaam", person.preferred_name);
    write(out, "website", person.website);
    write(out, "geslacht", person.gender);
    write(out, "nationaliteit", person.nationality);
    write(out, "geboortedatum", person.birth_date);
}

void write_members(JsonWriter& out, const Experience& experience) {
    out.member("type", std::string_view(experience.type));
    write(out, "functieTitel", experience.title);
    write(out, "van", experience.from);
    write_object(out, "werkgever", experience.employer);
    write(out, "tot", experience.until);
    write(out, "omschrijving", experience.description);
}

void write_members(JsonWriter& out, const Education& education) {
    out.member("type", std::string_view(education.type));
    write(out, "info", education.information);
    write(out, "behaaldOp", education.obtained_on);
    write(out, "behaaldIn", education.obtained_in);
    write(out, "diploma", education.has_diploma);
    write(out, "naam", education.name);
}

void write_members(JsonWriter& out, const Certification& certification) {
    out.member("type", std::string_view(certification.type));
    out.member("code", std::string_view(certification.code));
    write(out, "eigenWagen", certification.has_own_car);
}

void write_members(JsonWriter& out, const Competence& competence) {
    out.member("type", std::string_view(competence.type));
    write(out, "code", competence.code);
    write(out, "niveau", competence.level);
    write(out, "score", competence.score);
    write(out, "naam", competence.name);
    write(out, "beschrijving", competence.description);
}

void write_members(JsonWriter& out, const WantedFunction& function) {
    write(out, "titel", function.title);
    write(out, "ervaring", function.experience);
    write_object(out, "beroepsprofiel", function.profile);
}

void write_members(JsonWriter& out, const WantedJob& job) {
    write(out, "arbeidsRegimes", job.work_regimes);
    write(out, "arbeidsStelsels", job.work_systems);
    write(out, "regios", job.regions);
    write_objects(out, "functies", job.functions);
}

void write_identity(JsonWriter& out, const Uuid& id, Status status, Date changed_on) {
    out.member("cvId", std::string_view(id.to_string()));
    out.member("status", wire_name(status));
    out.member("wijzigingsDatum", std::string_view(format_date(changed_on)));
}

void write_members(JsonWriter& out, const Candidate& candidate) {
    write_identity(out, candidate.id, candidate.status, candidate.changed_on);
    write(out, "iklId", candidate.ikl_id);
    if (candidate.personal_interest) {
        out.key("persoonlijkeInteresse").begin_object();
        write(out, *candidate.personal_interest);
        out.end_object();
    }
    write_object(out, "natuurlijkPersoon", candidate.person);
    write_objects(out, "ervaringen", candidate.experiences);
    write_objects(out, "opleidingen", candidate.educations);
    write_objects(out, "attesteringen", candidate.certifications);
    write_objects(out, "competenties", candidate.competences);
    write_object(out, "gewensteJob", candidate.wanted_job);
}

}  // namespace

std::string to_canonical(const Candidate& candidate) {
    std::string json;
    json.reserve(usual_bytes);
    JsonWriter out(json);
    write_object(out, candidate);
    return json;
}

std::string to_tombstone(const Uuid& id, Status status, Date changed_on) {
    std::string json;
    JsonWriter out(json);
    out.begin_object();
    write_identity(out, id, status, changed_on);
    out.end_object();
    return json;
}

}  // namespace cvstroom::candidate
