// An index with free text, places and codes, and beside it the plain truth: random CVs that come, change and go.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "candidate/canonical.hpp"
#include "index/index.hpp"
#include "index/terms.hpp"
#include "index/text_extension.hpp"
#include "search/criteria.hpp"
#include "tests/search/reference_evaluator.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::test {

inline const reference::ReferenceData& real_lists() {
    static const auto loaded = reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value();
    return *loaded;
}

class TextWorld {
  public:
    explicit TextWorld(std::uint32_t seed) : random_(seed) {}

    struct Published {
        candidate::Candidate cv;
        store::Seq seq;
    };

    std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>(random_() % count); }
    bool one_in(std::uint32_t count) { return below(count) == 0; }
    template <typename List>
    const auto& one_of(const List& list) {
        return list[below(static_cast<std::uint32_t>(std::size(list)))];
    }

    // Few words with their inflections, in three languages, some of them frequent.
    std::string word() {
        static const std::vector<std::string> frequent{"in", "en", "Manager", "de"};
        static const std::vector<std::string> rare{
            "managers",  "Magazijn",   "magazijnen",  "planner",    "Planners",    "planning",
            "infirmier", "infirmière", "INFIRMIERS",  "accountant", "Accountants", "C++",
            "C#",        "élève",      "eleve",       "supply",     "chain",       "supply-chain",
            "verkoper",  "verkopers",  "boekhouding", "Straße",     "strasse",     "qualifié",
            "qualifiée", "2023",       "R&D",         "logistiek",  "logistieke",  "œuvre",
            "oeuvres",   "…"};
        return one_in(3) ? one_of(frequent) : one_of(rare);
    }
    std::string text(std::uint32_t most) {
        std::string made;
        for (std::uint32_t n = below(most) + 1; n > 0; --n)
            made += (made.empty() ? "" : one_in(6) ? ", " : " ") + word();
        return made;
    }

    candidate::Candidate candidate(const Uuid& id) {
        candidate::Candidate cv;
        cv.id = id;
        cv.changed_on = some_day;
        add_texts(cv);
        add_places(cv);
        add_codes(cv);
        return cv;
    }

    void apply_batch(std::uint32_t size, std::uint32_t ids) {
        std::vector<index::Entry> entries;
        for (std::uint32_t n = 0; n < size; ++n) {
            const Uuid id = make_id(below(ids));
            for (auto& earlier : entries) earlier.counts = earlier.counts && earlier.change.cv != id;
            index::Entry entry;
            entry.change = {++seq_, Instant{std::chrono::microseconds{static_cast<std::int64_t>(seq_)}},
                            id,     candidate::Status::open,
                            1,      some_day,
                            0};
            if (one_in(6)) {
                entry.change.status = candidate::Status::erased;
                published.erase(id);
            } else {
                Published now{candidate(id), seq_};
                read(now.cv, entry.document);
                published.insert_or_assign(id, std::move(now));
            }
            entries.push_back(std::move(entry));
        }
        index.apply(entries, seq_);
    }

    // The truth: what matches, newest first.
    std::vector<const Published*> expected(const search::Criteria& criteria) const {
        std::vector<const Published*> found;
        for (const auto& [id, each] : published) {
            if (satisfies(each.cv, Instant{}, criteria, real_lists())) found.push_back(&each);
        }
        std::sort(found.begin(), found.end(), [](const auto* a, const auto* b) { return a->seq > b->seq; });
        return found;
    }

    index::Index index{&index::text_extension()};
    std::map<Uuid, Published> published;

  private:
    void add_texts(candidate::Candidate& cv) {
        auto& experiences = cv.experiences.emplace();
        for (std::uint32_t n = below(3); n > 0; --n) {
            auto& experience = experiences.emplace_back();
            experience.type = "werkervaring";
            if (!one_in(4)) experience.title = text(4);
            if (!one_in(3)) experience.employer.emplace().name = text(2);
            experience.description = "onvindbaar " + text(3);
        }
        auto& educations = cv.educations.emplace();
        for (std::uint32_t n = below(3); n > 0; --n) {
            auto& education = educations.emplace_back();
            education.type = one_in(2) ? "cursus" : "studie";
            education.name = education.type == "cursus" ? text(3) : "MAE5AHH";
            if (one_in(2)) education.information = text(5);
        }
        auto& competences = cv.competences.emplace();
        for (std::uint32_t n = below(3); n > 0; --n) {
            auto& competence = competences.emplace_back();
            competence.type = "vrijeCompetentie";
            competence.name = text(2);
            if (one_in(2)) competence.description = text(6);
        }
        auto& job = cv.wanted_job.emplace();
        auto& functions = job.functions.emplace();
        for (std::uint32_t n = below(3); n > 0; --n) functions.emplace_back().title = text(3);
    }
    void add_places(candidate::Candidate& cv) {
        static const std::vector<std::string> postcodes{"BE-1000", "BE-2800", "BE-9000", "BE-9300", "BE-9320",
                                                        "BE-4000", "BE-8400", "BE-1001", "NL-1234", "BE-28000"};
        if (one_in(6)) return;
        auto& person = cv.person.emplace();
        if (!one_in(3)) {
            person.contact_address.emplace();
            if (!one_in(4)) person.contact_address->postcode = one_of(postcodes);
        }
        if (!one_in(3)) person.official_address.emplace().postcode = one_of(postcodes);
    }
    void add_codes(candidate::Candidate& cv) {
        static const std::vector<std::string> languages{"N", "F", "E", "D"};
        static const std::vector<std::string> regions{"BE231A", "BE231B", "BE231", "BE23", "BE1", "BE241A"};
        for (std::uint32_t n = below(4); n > 0; --n) {
            auto& language = cv.competences->emplace_back();
            language.type = "talen";
            language.code = one_of(languages);
            if (!one_in(4)) language.level = std::to_string(below(4));
        }
        if (one_in(3)) return;
        auto& wanted = cv.wanted_job->regions.emplace();
        for (std::uint32_t n = below(3); n > 0; --n) wanted.push_back(one_of(regions));
    }

    void read(const candidate::Candidate& cv, index::DocumentTerms& document) {
        candidate::FactReader reader;
        const std::string json = candidate::to_canonical(cv);
        const auto facts = reader.read(json);
        index::collect_terms(**facts, real_lists(), index.dictionary(), document.terms);
        document.postcode = (*facts)->postcode;
        index.extension()->read(**facts, document.extension);
    }

    std::mt19937 random_;
    store::Seq seq_ = 0;
};

}  // namespace cvstroom::test
