#include "sandbox/sentence.hpp"

#include <algorithm>

#include "sandbox/fragments.hpp"

namespace cvstroom::sandbox {
namespace {

// Appends one slot's value after the other.
class Filler {
  public:
    Filler(std::string& out, Draft& draft, const Vocabulary& words, Tongue tongue, const Subject& subject)
        : out_(out),
          draft_(draft),
          words_(words),
          tongue_(tongue),
          subject_(subject),
          competence_draw_(draft.random.below(1U << 16U)) {}

    void operator()(Slot slot, bool starts) const {
        switch (slot) {
            case Slot::profession:
                return append_profession(starts);
            case Slot::years:
                return append_number(out_, static_cast<std::uint64_t>(std::max(1, draft_.months_worked / 12)));
            case Slot::sector:
                return append(sectors[subject_.profession->sector].in_sentence[at(tongue_)]);
            case Slot::region:
                return append(words_.places.regions[draft_.home->region].name);
            case Slot::competence:
                return append_competence(0, starts);
            case Slot::other_competence:
                return append_competence(1, starts);
            case Slot::language:
                return append(draft_.random.pick(words_.texts.languages), starts);
            case Slot::diploma:
                return append(diploma().label.first);
            case Slot::count:
                return append_number(out_, static_cast<std::uint64_t>(draft_.random.between(2, 12)));
            case Slot::work_system:
                return append(draft_.random.pick(words_.texts.work_systems), starts);
            case Slot::old_diploma:
                return append(diploma().old_label.first);
            case Slot::old_code:
                return append(diploma().old_code);
            case Slot::date:
                return append_conversion_date();
            case Slot::field:
                return append(words_.diplomas.field_label(diploma().field), starts);
            case Slot::school:
                return append(draft_.is_student || !subject_.diploma
                                  ? words_.diplomas.course_school(draft_.random)
                                  : words_.diplomas.school(draft_.random, draft_.level));
        }
    }

  private:
    void append(std::string_view text) const { out_ += text; }
    void append(const Phrase& phrase, bool starts) const { out_ += starts ? phrase.first : phrase.inside; }

    void append_profession(bool starts) const {
        if (tongue_ == Tongue::english) return append(draft_.random.pick(subject_.profession->titles[at(tongue_)]));
        append(subject_.profession->label[at(tongue_)], starts);
    }

    // Competences have Dutch and French labels only; English sentences are about free competences.
    void append_competence(std::size_t step, bool starts) const {
        if (tongue_ == Tongue::english) {
            const auto& free = words_.texts.free_competences[at(tongue_)];
            return append(free[(competence_draw_ + step) % free.size()].name, starts);
        }
        const auto& fitting = subject_.profession->competences;
        const auto position = fitting[(competence_draw_ + step) % fitting.size()];
        append(words_.trades.competences[position].label[at(tongue_)], starts);
    }

    // Old diplomas were converted from 2005 on; "01/07/2011" as in the seed.
    void append_conversion_date() const {
        out_ += draft_.random.chance(50) ? "01/07/" : "01/10/";
        append_number(out_, static_cast<std::uint64_t>(draft_.random.between(2005, 2019)));
    }

    // A profile may name a diploma that the person does not list: any of the level and field.
    const Diploma& diploma() const {
        if (subject_.diploma) return *subject_.diploma;
        return words_.diplomas.draw(draft_.random, draft_.level, draft_.profession->field, draft_.left_school);
    }

    std::string& out_;
    Draft& draft_;
    const Vocabulary& words_;
    const Tongue tongue_;
    const Subject& subject_;
    const std::size_t competence_draw_;
};

}  // namespace

void append_sentence(std::string& out, Draft& draft, const Vocabulary& words, const Template& form, Tongue tongue,
                     const Subject& subject) {
    form.append(out, Filler(out, draft, words, tongue, subject));
}

}  // namespace cvstroom::sandbox
