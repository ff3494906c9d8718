// Fills templates with what fits the person.
#pragma once

#include <string>

#include "sandbox/draft.hpp"

namespace cvstroom::sandbox {

// What a sentence is about, where it is not about the person as a whole.
struct Subject {
    const Profession* profession;
    const Diploma* diploma = nullptr;  // needed for {diploma}, {oud_diploma}, {oud_code} and {studiegebied} of a study
};

// Two competences in one sentence are different ones.
void append_sentence(std::string& out, Draft& draft, const Vocabulary& words, const Template& form, Tongue tongue,
                     const Subject& subject);

}  // namespace cvstroom::sandbox
