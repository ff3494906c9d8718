#include <algorithm>

#include "sandbox/fragments.hpp"
#include "sandbox/list_writer.hpp"
#include "sandbox/sections.hpp"
#include "sandbox/sentence.hpp"

namespace cvstroom::sandbox {
namespace {

constexpr std::string_view general_fields[] = {"economie en handel", "wetenschappen", "taal en letteren"};

class EducationWriter {
  public:
    EducationWriter(std::string& out, Draft& draft, const Vocabulary& words)
        : list_(out, "opleidingen"), draft_(draft), words_(words) {}

    // Latest first, as in the seed.
    void write() {
        if (draft_.random.chance(4)) return;
        write_courses();
        const int this_year = static_cast<int>(std::chrono::year_month_day(draft_.today).year());
        const bool goes_on =
            draft_.level >= Level::secondary && !draft_.is_student && draft_.left_school + 1 < this_year;
        if (goes_on && draft_.random.chance(10)) {
            write_study(words_.diplomas.draw_further(draft_.random, draft_.level), draft_.left_school + 1);
        }
        write_study(words_.diplomas.draw(draft_.random, draft_.level, draft_.profession->field, draft_.left_school),
                    draft_.left_school);
        if (draft_.level > Level::secondary && draft_.random.chance(40)) write_secondary();
    }

  private:
    Random& random() { return draft_.random; }

    void write_courses() {
        const std::size_t count = random().chance(40) ? 1 + random().below(3) : 0;
        for (std::size_t i = 0; i < count; ++i) write_course();
    }

    void write_course() {
        std::string& out = list_.next();
        const auto language = draft_.tongue == Tongue::french ? 1U : 0U;
        out += R"({"type":"cursus")";
        if (random().chance(50)) {
            out += R"(,"info":"Via )";
            out += words_.diplomas.course_school(random());
            out += '"';
        }
        const int this_year = static_cast<int>(std::chrono::year_month_day(draft_.today).year());
        if (draft_.left_school < this_year && random().chance(70)) {
            out += R"(,"behaaldIn":)";
            append_number(out, static_cast<std::uint64_t>(
                                   random().between(std::max(draft_.left_school, this_year - 15), this_year)));
        }
        out += R"(,"naam":")";
        out += words_.trades.competences[random().pick(draft_.profession->competences)].label[language].first;
        out += "\"}";
    }

    void write_secondary() {
        const int years_higher = draft_.level == Level::master ? 5 : draft_.level == Level::bachelor ? 3 : 2;
        const int year = draft_.left_school - years_higher;
        const auto field = words_.diplomas.field(
            random().chance(50) ? general_fields[random().below(std::size(general_fields))] : general_fields[0]);
        const bool is_known = field < words_.diplomas.field_count();
        write_study(words_.diplomas.draw(random(), Level::secondary, is_known ? field : draft_.profession->field, year),
                    year);
    }

    void write_study(const Diploma& diploma, int year) {
        const bool is_obtained = !draft_.is_student && random().chance(94);
        draft_.has_reserved_diploma = draft_.has_reserved_diploma || diploma.is_reserved;
        std::string& out = list_.next();
        out += R"({"type":"studie")";
        write_note(out, diploma, year, is_obtained);
        if (is_obtained) write_date(out, year);
        if (random().chance(95)) out += is_obtained ? R"(,"diploma":true)" : R"(,"diploma":false)";
        out += R"(,"naam":")";
        out += diploma.code;
        out += "\"}";
    }

    const std::vector<Template>* notes_for(const Diploma& diploma, int year, bool is_obtained) {
        if (!is_obtained) return draft_.is_student || random().chance(40) ? nullptr : &words_.texts.unfinished;
        if (!diploma.old_code.empty() && year < 2004 && random().chance(60)) return &words_.texts.conversions;
        if (draft_.country->code != "BE" && random().chance(25)) return &words_.texts.foreign;
        const std::size_t talkative = draft_.tongue == Tongue::dutch ? 55 : 15;
        return random().chance(talkative) ? &words_.texts.study_notes : nullptr;
    }

    void write_note(std::string& out, const Diploma& diploma, int year, bool is_obtained) {
        const auto* notes = notes_for(diploma, year, is_obtained);
        if (!notes) return;
        out += R"(,"info":")";
        append_sentence(out, draft_, words_, random().pick(*notes), Tongue::dutch, {draft_.profession, &diploma});
        out += '"';
    }

    // The first of January when only the year counts (as in the seed), or the end of the school year.
    void write_date(std::string& out, int year) {
        const std::size_t said = random().below(100);
        if (said < 88) {
            out += R"(,"behaaldOp":")";
            append_number(out, static_cast<std::uint64_t>(year));
            out += random().chance(40) ? R"(-01-01")" : R"(-06-30")";
        }
        if (said < 97) {
            out += R"(,"behaaldIn":)";
            append_number(out, static_cast<std::uint64_t>(year));
        }
    }

    ListWriter list_;
    Draft& draft_;
    const Vocabulary& words_;
};

}  // namespace

void append_educations(std::string& out, Draft& draft, const Vocabulary& words) {
    EducationWriter(out, draft, words).write();
}

}  // namespace cvstroom::sandbox
