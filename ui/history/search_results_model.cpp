#include "ui/history/search_results_model.h"

#include <string_view>

#include "ui/history/age_text.h"

namespace vl {
namespace {

/// UTF-16 units of the first bytes of a UTF-8 text.
int unitsOf(std::string_view text) {
  return static_cast<int>(
      QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).size());
}

QString nameOf(const SearchHit& hit) {
  switch (hit.where) {
    case SearchHit::Where::Title:
      return SearchResultsModel::tr("Session");
    case SearchHit::Where::Question:
      return SearchResultsModel::tr("Question");
    case SearchHit::Where::Answer:
      return SearchResultsModel::tr("Answer");
    case SearchHit::Where::Label:
      return SearchResultsModel::tr("Box");
    case SearchHit::Where::FileName:
      return SearchResultsModel::tr("File name");
    case SearchHit::Where::Document:
      return SearchResultsModel::tr("Document");
    case SearchHit::Where::Page:
      return SearchResultsModel::tr("Page %1").arg(hit.page.value_or(0) + 1);
  }
  return {};
}

}  // namespace

QStringList EmphasisedText::words() const {
  QStringList words;
  for (const auto& [begin, length] : emphasised) words.append(text.mid(begin, length));
  words.removeDuplicates();
  return words;
}

EmphasisedText emphasisedText(const Snippet& snippet) {
  const std::string_view text = snippet.text;
  EmphasisedText shown{QString::fromStdString(snippet.text), {}};
  for (const TextRange& range : snippet.emphasised) {
    const int begin = unitsOf(text.substr(0, range.begin));
    shown.emphasised.emplace_back(begin, unitsOf(text.substr(0, range.end)) - begin);
  }
  return shown;
}

int SearchResultsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(hits_.size());
}

QVariant SearchResultsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const SearchHit& hit = at(index.row());
  const QString title = QString::fromStdString(hit.title).simplified();
  const QString facts = tr("%1 · %2", "what was found, when").arg(nameOf(hit), ageText(hit.time));
  switch (role) {
    case Qt::DisplayRole:
      return title;
    case Qt::AccessibleTextRole:
      return QString(title + ". " + QString::fromStdString(hit.snippet.text) + ". " + facts);
    case SnippetRole:
      return QVariant::fromValue(emphasisedText(hit.snippet));
    case FactsRole:
      return facts;
    default:
      return {};
  }
}

void SearchResultsModel::setHits(std::vector<SearchHit> hits) {
  beginResetModel();
  hits_ = std::move(hits);
  endResetModel();
}

}  // namespace vl
