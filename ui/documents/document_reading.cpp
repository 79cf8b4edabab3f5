#include "ui/documents/document_reading.h"

#include <algorithm>
#include <utility>

#include "inference/documents/page_text.h"

namespace vl {
namespace {

// Conversations count their turns from 1.
constexpr quint64 kFirstTurn = quint64{1} << 63;

quint64 newTurn() {
  static quint64 last = kFirstTurn;  // GUI thread only; one count for all documents
  return ++last;
}

}  // namespace

DocumentReading::DocumentReading(ReadingRecord record, std::vector<ReadingPage> pages,
                                 ReadingStore& store, EngineThread& engine, ReadyModel model,
                                 Start start, const QString& password, QObject* parent)
    : QObject(parent),
      record_(std::move(record)),
      pages_(std::move(pages)),
      store_(store),
      engine_(engine),
      model_(std::move(model)) {
  const Result<std::filesystem::path> path = store_.documentPath(record_);
  document_ = new OpenDocument(path ? QString::fromStdString(path->string()) : QString(), this);
  connect(document_, &OpenDocument::opened, this, [this, start] {
    setState(State::Paused);
    if (start == Start::AtOnce || !nextPage()) resume();
  });
  connect(document_, &OpenDocument::failed, this, [this](const Error& error) {
    const bool locked = error.code == ErrorCode::InvalidArgument;
    // the copy is named by its digest, which says nothing to a person
    QString what = QString::fromStdString(error.what);
    what.replace(document_->name(), QString::fromStdString(record_.fileName));
    setState(locked ? State::Locked : State::Broken, what);
  });
  connect(&engine_, &EngineThread::turnQueued, this, [this](quint64 turn) {
    if (turn > kFirstTurn) return;
    others_.insert(turn);
    if (!turn_) return;
    dropCurrent();
    setState(State::Waiting);
  });
  connect(&engine_, &EngineThread::textArrived, this, [this](quint64 turn, const QString& text) {
    if (turn_ != turn) return;
    currentText_ += text.toStdString();
    emit pageChanged(*current_);
  });
  connect(&engine_, &EngineThread::finished, this, &DocumentReading::finished);
  if (path) {
    document_->open(password);
  } else {
    setState(State::Broken, QString::fromStdString(path.error().what));
  }
}

DocumentReading::~DocumentReading() {
  if (turn_) stop_.request_stop();
}

std::size_t DocumentReading::readCount() const {
  return static_cast<std::size_t>(
      std::count_if(pages_.begin(), pages_.end(),
                    [](const ReadingPage& page) { return page.state != PageState::Waiting; }));
}

void DocumentReading::setState(State state, const QString& problem) {
  state_ = state;
  problem_ = problem;
  emit changed();
}

void DocumentReading::unlock(const QString& password) {
  if (state_ != State::Locked) return;
  setState(State::Opening);
  document_->open(password);
}

void DocumentReading::pause() {
  if (state_ != State::Reading && state_ != State::Waiting) return;
  dropCurrent();
  setState(State::Paused);
}

void DocumentReading::resume() {
  if (state_ != State::Paused && state_ != State::Finished) return;
  setState(State::Reading);
  goOn();
}

void DocumentReading::skip(std::size_t index) {
  const bool isCurrent = current_ == index;
  if (isCurrent) dropCurrent();
  const bool skipped = pages_[index].state == PageState::Skipped;
  ReadingPage page = pages_[index];
  if (page.source) {  // it was to be read again: what there is of it stays
    page.state = PageState::Done;
  } else {
    page = {page.page, skipped ? PageState::Waiting : PageState::Skipped, {}, {}, {}};
  }
  if (!save(index, std::move(page))) return;
  if (isCurrent || (skipped && state_ == State::Finished)) {
    setState(State::Reading);
    goOn();
  }
}

void DocumentReading::readAgain(std::size_t index, bool scan) {
  if (scan) scans_.insert(index);
  if (current_ == index) dropCurrent();
  ReadingPage page = pages_[index];  // its text stays until there is another
  page.state = PageState::Waiting;
  if (!page.source) page.error.clear();
  if (!save(index, std::move(page))) return;
  next_ = index;
  if (current_ || state_ == State::Waiting) return;  // after the one that is being read
  if (state_ == State::Paused || state_ == State::Finished || state_ == State::Reading) {
    setState(State::Reading);
    goOn();
  }
}

void DocumentReading::edit(std::size_t index, const std::string& text) {
  const bool isCurrent = current_ == index;
  if (!isCurrent && pages_[index].text == text) return;
  if (isCurrent) dropCurrent();  // what a person writes wins
  const bool saved =
      save(index, {pages_[index].page, PageState::Done, PageSource::Person, text, {}});
  if (saved && isCurrent) goOn();
}

std::optional<std::size_t> DocumentReading::nextPage() const {
  const auto waits = [](const ReadingPage& page) { return page.state == PageState::Waiting; };
  if (next_ && waits(pages_[*next_])) return next_;
  const auto found = std::find_if(pages_.begin(), pages_.end(), waits);
  if (found == pages_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - pages_.begin());
}

void DocumentReading::goOn() {
  if (state_ != State::Reading || current_) return;
  current_ = nextPage();
  next_.reset();
  if (!current_) return setState(State::Finished);
  currentText_.clear();
  emit changed();
  if (scans_.contains(*current_)) return renderCurrent();
  document_->readText(pages_[*current_].page, this,
                      [this, step = ++step_](const Result<std::string>& text) {
                        if (step == step_) takeText(text);
                      });
}

void DocumentReading::takeText(const Result<std::string>& text) {
  const std::size_t page = pages_[*current_].page;
  if (!text) return endCurrent({page, PageState::Failed, {}, {}, text.error().what});
  if (!isReadableText(*text)) return renderCurrent();
  endCurrent({page, PageState::Done, PageSource::TextLayer, *text, {}});
}

void DocumentReading::renderCurrent() {
  if (!others_.empty()) {
    dropCurrent();
    return setState(State::Waiting);
  }
  const Result<std::vector<Resolution>> candidates = model_();
  if (!candidates) {  // it would be so for every page
    dropCurrent();
    return setState(State::Paused, QString::fromStdString(candidates.error().what));
  }
  document_->renderFile(
      pages_[*current_].page, *candidates, pictures_.filePath("page.png"), this,
      [this, step = ++step_](const Status& written) {
        if (step != step_) return;
        if (written) return askModel();
        endCurrent({pages_[*current_].page, PageState::Failed, {}, {}, written.error().what});
      });
}

void DocumentReading::askModel() {
  if (!others_.empty()) {
    dropCurrent();
    return setState(State::Waiting);
  }
  GenerateRequest request;
  request.conversation.push_back(
      userMessage({pictures_.filePath("page.png").toStdString()}, kReadTextPrompt));
  request.sampling.temperature = 0;
  turn_ = newTurn();
  stop_ = engine_.submit(*turn_, std::move(request));
}

void DocumentReading::finished(quint64 turn, const Result<GenerateSummary>& outcome) {
  if (turn_ != turn) {
    others_.erase(turn);
    if (!others_.empty() || state_ != State::Waiting) return;
    setState(State::Reading);
    return goOn();
  }
  turn_.reset();
  const std::size_t page = pages_[*current_].page;
  if (!outcome) return endCurrent({page, PageState::Failed, {}, {}, outcome.error().what});
  const bool isCut = outcome->stopReason != StopReason::EndOfSequence;
  endCurrent({page, PageState::Done, PageSource::Model, outcome->text,
              isCut ? tr("The page has more text than the model could write.").toStdString()
                    : std::string()});
}

void DocumentReading::dropCurrent() {
  if (turn_) stop_.request_stop();
  turn_.reset();
  ++step_;
  currentText_.clear();
  if (const auto dropped = std::exchange(current_, std::nullopt)) emit pageChanged(*dropped);
}

void DocumentReading::endCurrent(ReadingPage page) {
  const std::size_t index = *current_;
  scans_.erase(index);
  current_.reset();
  currentText_.clear();
  if (page.state == PageState::Failed) {  // what was read before is better than nothing
    page.source = pages_[index].source;
    page.text = pages_[index].text;
  }
  if (save(index, std::move(page))) goOn();
}

bool DocumentReading::save(std::size_t index, ReadingPage page) {
  pages_[index] = std::move(page);
  emit pageChanged(index);
  const Status saved = store_.savePage(record_.id, pages_[index]);
  if (!saved) {  // a full disk: nothing more is read that would be lost
    dropCurrent();
    setState(State::Paused, QString::fromStdString(saved.error().what));
  }
  return saved.has_value();
}

}  // namespace vl
