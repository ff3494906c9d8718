// The CV document of SPEC 2 as a typed value.
//
// Every member that the seed shows is typed here. A member that this version does not know is kept in `extras`
// of the object it stood in, as the very bytes that were received, and written again after the known ones
// (SPEC 2: adding an optional member is no breaking change).
// Plain values without invariants of their own: candidate/parse.hpp makes only valid ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "base/uuid.hpp"

namespace cvstroom::candidate {

enum class Status : std::uint8_t {
    open = 1,    // OPEN: published
    closed = 2,  // GESLOTEN: withdrawn from publication
    erased = 3,  // VERWIJDERD: every personal datum is gone, only the tombstone is left
};

// An unknown member: its name (unescaped) and its value, byte for byte.
struct Extra {
    std::string name;
    std::string value;
    bool operator==(const Extra&) const = default;
};
using Extras = std::vector<Extra>;

// A list that may be absent: an absent list and an empty one are different documents, and both come back as sent.
template <typename T>
using OptionalList = std::optional<std::vector<T>>;

struct Address {
    std::optional<std::string> street;        // straat
    std::optional<std::string> house_number;  // huisnummer
    std::optional<std::string> box;           // busnummer
    std::optional<std::string> postcode;      // "BE-2800"
    std::optional<std::string> municipality;  // gemeente: "2800-MECHELEN"
    std::optional<std::string> country;       // land: ISO 3166-1, two letters
    Extras extras;
};

// natuurlijkPersoon
struct Person {
    std::optional<std::string> mobile_phone;    // gsm
    std::optional<std::string> phone;           // telefoon
    std::optional<Address> official_address;    // officieelAdres
    std::optional<Address> contact_address;     // contactAdres
    std::optional<std::string> email;           //
    std::optional<std::string> family_name;     // achternaam
    std::optional<std::string> given_name;      // voornaam
    std::optional<std::string> preferred_name;  // roepnaam
    std::optional<std::string> website;         //
    std::optional<std::string> gender;          // geslacht: M, V, X
    std::optional<std::string> nationality;     // nationaliteit: ISO 3166-1, two letters
    std::optional<Date> birth_date;             // geboortedatum
    Extras extras;
};

struct Employer {
    std::optional<std::string> name;  // naam
    Extras extras;
};

// An entry of ervaringen.
struct Experience {
    std::string type;                        // werkervaring, stage, vrijwilligerswerk
    std::optional<std::string> title;        // functieTitel
    std::optional<Date> from;                // van
    std::optional<Date> until;               // tot: never before `from`
    std::optional<Employer> employer;        // werkgever
    std::optional<std::string> description;  // omschrijving
    Extras extras;
};

// An entry of opleidingen.
struct Education {
    std::string type;                         // studie (name is a diploma code), cursus (name is free text)
    std::optional<std::string> name;          // naam; required for a studie
    std::optional<std::string> information;   // info
    std::optional<Date> obtained_on;          // behaaldOp
    std::optional<std::int64_t> obtained_in;  // behaaldIn: a year
    std::optional<bool> has_diploma;          // diploma
    Extras extras;
};

// An entry of attesteringen.
struct Certification {
    std::string type;                 // rijbewijs, attest
    std::string code;                 //
    std::optional<bool> has_own_car;  // eigenWagen; only on a rijbewijs
    Extras extras;
};

// An entry of competenties.
struct Competence {
    std::string type;                        // talen, technischeCompetentie, softSkill, vrijeCompetentie
    std::optional<std::string> code;         // required but on a vrijeCompetentie
    std::optional<std::string> level;        // niveau; only on talen
    std::optional<std::string> score;        // only on a technischeCompetentie
    std::optional<std::string> name;         // naam; only on, and required for, a vrijeCompetentie
    std::optional<std::string> description;  // beschrijving
    Extras extras;
};

struct ProfessionProfile {
    std::string code;  // a profession, such as "M140201-1"
    Extras extras;
};

// An entry of gewensteJob.functies.
struct WantedFunction {
    std::optional<std::string> title;          // titel
    std::optional<std::string> experience;     // ervaring: a level, "0" to "4"
    std::optional<ProfessionProfile> profile;  // beroepsprofiel
    Extras extras;
};

// gewensteJob
struct WantedJob {
    OptionalList<std::string> work_regimes;  // arbeidsRegimes
    OptionalList<std::string> work_systems;  // arbeidsStelsels
    OptionalList<std::string> regions;       // regios
    OptionalList<WantedFunction> functions;  // functies
    Extras extras;
};

struct Candidate {
    Uuid id;                                     // cvId
    Status status{Status::open};                 //
    Date changed_on;                             // wijzigingsDatum
    std::optional<std::int64_t> ikl_id;          // iklId
    std::optional<Extras> personal_interest;     // persoonlijkeInteresse: an object of which nothing is typed
    std::optional<Person> person;                // natuurlijkPersoon
    OptionalList<Experience> experiences;        // ervaringen
    OptionalList<Education> educations;          // opleidingen
    OptionalList<Certification> certifications;  // attesteringen
    OptionalList<Competence> competences;        // competenties
    std::optional<WantedJob> wanted_job;         // gewensteJob
    Extras extras;
};

// "OPEN", "GESLOTEN", "VERWIJDERD".
std::string_view wire_name(Status status);
std::optional<Status> status_from_wire(std::string_view name);

}  // namespace cvstroom::candidate
