#include "mirror/flatten.hpp"

#include <initializer_list>

namespace cvstroom::mirror {
namespace {

namespace dom = simdjson::dom;

// Appends rows to a FlatCv, cell by cell.
class RowWriter {
  public:
    explicit RowWriter(FlatCv& cv) : cv_(cv) {}

    void begin(Table table, std::uint32_t position) {
        cv_.rows.push_back({table, position, static_cast<std::uint32_t>(cv_.cells.size())});
    }

    void text(std::string_view value) {
        const auto at = static_cast<std::int64_t>(cv_.texts.size());
        cv_.texts += value;
        cv_.cells.push_back({Cell::Kind::text, static_cast<std::uint32_t>(value.size()), at});
    }
    void text(const dom::object& object, std::string_view name) {
        std::string_view value;
        if (object[name].get(value) == simdjson::SUCCESS) {
            text(value);
        } else {
            null();
        }
    }
    void texts(const dom::object& object, std::initializer_list<std::string_view> names) {
        for (const auto name : names) text(object, name);
    }
    void integer(const dom::object& object, std::string_view name) {
        std::int64_t value = 0;
        if (object[name].get(value) == simdjson::SUCCESS) {
            cv_.cells.push_back({Cell::Kind::integer, 0, value});
        } else {
            null();
        }
    }
    void boolean(const dom::object& object, std::string_view name) {
        bool value = false;
        if (object[name].get(value) == simdjson::SUCCESS) {
            cv_.cells.push_back({Cell::Kind::integer, 0, value ? 1 : 0});
        } else {
            null();
        }
    }
    void null(std::size_t count = 1) { cv_.cells.resize(cv_.cells.size() + count); }

  private:
    FlatCv& cv_;
};

template <typename Visit>
void each_object(const dom::object& owner, std::string_view name, const Visit& visit) {
    dom::array entries;
    if (owner[name].get(entries) != simdjson::SUCCESS) return;
    std::uint32_t position = 0;
    for (const dom::element entry : entries) {
        dom::object object;
        if (entry.get(object) == simdjson::SUCCESS) visit(object, position);
        ++position;
    }
}

void write_address(const dom::object& person, std::string_view name, RowWriter& rows) {
    dom::object address;
    if (person[name].get(address) != simdjson::SUCCESS) return rows.null(6);
    rows.texts(address, {"straat", "huisnummer", "busnummer", "postcode", "gemeente", "land"});
}

void write_person(const dom::object& document, RowWriter& rows) {
    dom::object person;
    if (document["natuurlijkPersoon"].get(person) != simdjson::SUCCESS) return;
    rows.begin(Table::person, 0);
    rows.texts(person, {"achternaam", "voornaam", "roepnaam", "geslacht", "geboortedatum", "nationaliteit", "email",
                        "gsm", "telefoon", "website"});
    write_address(person, "contactAdres", rows);
    write_address(person, "officieelAdres", rows);
}

void write_career(const dom::object& document, RowWriter& rows) {
    each_object(document, "ervaringen", [&](const dom::object& entry, std::uint32_t position) {
        rows.begin(Table::experience, position);
        rows.texts(entry, {"type", "functieTitel", "van", "tot"});
        dom::object employer;
        if (entry["werkgever"].get(employer) == simdjson::SUCCESS) {
            rows.text(employer, "naam");
        } else {
            rows.null();
        }
        rows.text(entry, "omschrijving");
    });
    each_object(document, "opleidingen", [&](const dom::object& entry, std::uint32_t position) {
        rows.begin(Table::education, position);
        rows.texts(entry, {"type", "naam", "info", "behaaldOp"});
        rows.integer(entry, "behaaldIn");
        rows.boolean(entry, "diploma");
    });
    each_object(document, "attesteringen", [&](const dom::object& entry, std::uint32_t position) {
        rows.begin(Table::certification, position);
        rows.texts(entry, {"type", "code"});
        rows.boolean(entry, "eigenWagen");
    });
    each_object(document, "competenties", [&](const dom::object& entry, std::uint32_t position) {
        rows.begin(Table::competence, position);
        rows.texts(entry, {"type", "code", "niveau", "score", "naam", "beschrijving"});
    });
}

void write_wishes(const dom::object& document, RowWriter& rows) {
    dom::object job;
    if (document["gewensteJob"].get(job) != simdjson::SUCCESS) return;
    each_object(job, "functies", [&](const dom::object& entry, std::uint32_t position) {
        rows.begin(Table::wanted_function, position);
        rows.texts(entry, {"titel", "ervaring"});
        dom::object profile;
        if (entry["beroepsprofiel"].get(profile) == simdjson::SUCCESS) {
            rows.text(profile, "code");
        } else {
            rows.null();
        }
    });
    std::uint32_t position = 0;
    const auto write_codes = [&](std::string_view name, std::string_view kind) {
        dom::array codes;
        if (job[name].get(codes) != simdjson::SUCCESS) return;
        for (const dom::element code : codes) {
            std::string_view text;
            if (code.get(text) != simdjson::SUCCESS) continue;
            rows.begin(Table::wish, position++);
            rows.text(kind);
            rows.text(text);
        }
    };
    write_codes("regios", "region");
    write_codes("arbeidsRegimes", "work_regime");
    write_codes("arbeidsStelsels", "work_system");
}

}  // namespace

Result<ReadDocument> flatten(const dom::object& document, std::size_t size) {
    std::string_view id_text;
    std::string_view status;
    const bool is_named = document["cvId"].get(id_text) == simdjson::SUCCESS;
    const auto id = is_named ? Uuid::parse(id_text) : std::nullopt;
    if (!id) return fail(ErrorCode::corrupt, "the document has no cvId that is a UUID");
    if (document["status"].get(status) != simdjson::SUCCESS) {
        return fail(ErrorCode::corrupt, "the document has no status");
    }
    ReadDocument read{*id, publication_of(status), std::string(status), {}};
    if (read.publication != Publication::open) return read;
    read.flat.texts.reserve(size / 2);
    read.flat.cells.reserve(320);
    read.flat.rows.reserve(64);
    std::int64_t ikl_id = 0;
    if (document["iklId"].get(ikl_id) == simdjson::SUCCESS) read.flat.ikl_id = ikl_id;
    std::string_view date;
    if (document["wijzigingsDatum"].get(date) == simdjson::SUCCESS) read.flat.document_date = date;
    RowWriter rows(read.flat);
    write_person(document, rows);
    write_career(document, rows);
    write_wishes(document, rows);
    return read;
}

}  // namespace cvstroom::mirror
