#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QKeyEvent>
#include <QListWidget>
#include <QPainter>
#include <QPdfWriter>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

#include "storage/database.h"
#include "tests/screenshots/still_engine.h"
#include "ui/chat/chat_pane.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"
#include "ui/documents/document_reading.h"
#include "ui/documents/page_list_view.h"
#include "ui/documents/page_picker.h"
#include "ui/documents/reading_view.h"
#include "ui/settings/session_settings_dialog.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/translation.h"
#include "ui/window/desk.h"
#include "ui/window/shortcuts_dialog.h"

namespace vl {
namespace {

const std::filesystem::path kResources = std::filesystem::path(VL_SOURCE_DIR) / "resources";
constexpr int kPatienceMs = 60'000;
constexpr int kSettleMs = 400;  // thumbnails, layout and fading bars

struct Question {
  const char* picture;
  const char* text;
};
constexpr Question kQuestions[] = {
    {"notice.png", "Read the text in this image."},
    {"receipt.png", "What is the total?"},
    {"shapes.png", "<|grounding|>Describe this image in detail."},
};

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "vl2-screenshots: %s\n", why.c_str());
  std::exit(EXIT_FAILURE);
}

void waitFor(const char* what, const std::function<bool()>& condition) {
  QElapsedTimer timer;
  timer.start();
  while (!condition()) {
    if (timer.hasExpired(kPatienceMs)) stop(std::string("waited too long for ") + what);
    QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
  }
}

void settle() {
  QElapsedTimer timer;
  timer.start();
  waitFor("nothing", [&] { return timer.hasExpired(kSettleMs); });
}

std::unique_ptr<Desk> openDesk(const std::filesystem::path& data) {
  Result<OpenedStore> store = SessionStore::open(data);
  if (!store) stop(store.error().what);
  std::vector<QString> samples;
  for (const char* name : {"notice.png", "receipt.png", "shapes.png"}) {
    samples.push_back(QString::fromStdString((kResources / "samples" / name).string()));
  }
  Desk::Setup setup{data, std::move(samples), stillBackend()};
  setup.models = {data / "models", {kResources / "models"}};
  auto desk = std::make_unique<Desk>(std::move(*store), std::move(setup));
  desk->begin(kResources / "models/starter", {});
  desk->window().resize(1300, 830);
  desk->window().show();
  waitFor("the model", [&] { return desk->model().state() == ModelLoader::State::Ready; });
  return desk;
}

void askAll(const std::filesystem::path& data) {
  const std::unique_ptr<Desk> desk = openDesk(data);
  for (const Question& question : kQuestions) {
    desk->controller().newSession();
    const std::string picture = (kResources / "samples" / question.picture).string();
    desk->window().attachFiles({QString::fromStdString(picture)});
    waitFor("an image", [&] { return desk->attachments().isReady(); });
    Composer& composer = desk->window().chat().composer();
    composer.setText(question.text);
    QKeyEvent enter(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier);
    QCoreApplication::sendEvent(&composer.edit(), &enter);
    waitFor("a question", [&] { return desk->controller().isAnswering(); });
    waitFor("an answer", [&] { return !desk->controller().isAnswering(); });
  }
}

/// The list of sessions tells when they were used.
void freezeTimes(const std::filesystem::path& data) {
  Result<Database> database = Database::open(data / "history.db");
  if (!database) stop(database.error().what);
  const Status frozen = database->execute("UPDATE sessions SET updated_ms = 1767225600000 + id");
  if (!frozen) stop(frozen.error().what);
}

class Album {
 public:
  Album(QString folder, QString suffix) : folder_(std::move(folder)), suffix_(std::move(suffix)) {}

  void add(QWidget& widget, const QString& name) const {
    settle();
    const QString file = folder_ + '/' + name + suffix_ + ".png";
    if (!widget.grab().save(file)) stop("cannot write " + file.toStdString());
    std::printf("%s\n", qPrintable(file));
  }

 private:
  QString folder_;
  QString suffix_;
};

/// Three pages of printed text.
QString writeReport(const QString& folder) {
  QString path = folder + "/report.pdf";
  QPdfWriter writer(path);
  writer.setResolution(96);
  writer.setPageSize(QPageSize(QPageSize::A4));
  QPainter painter(&writer);
  const QStringList titles{"Harbour survey", "Depths", "Moorings"};
  for (const QString& title : titles) {
    if (title != titles.front()) writer.newPage();
    painter.setFont(QFont("DejaVu Sans", 20, QFont::Bold));
    painter.drawText(40, 80, title);
    painter.setFont(QFont("DejaVu Sans", 11));
    painter.drawText(QRect(40, 110, 600, 800), Qt::TextWordWrap,
                     "The survey of the inner harbour was made in April, at low water, from the "
                     "old pier to the lock. Soundings are given in metres below the datum of the "
                     "chart.\n\nThe eastern basin has silted up by a third of a metre since the "
                     "last survey; the lock and the western quay are as they were.");
  }
  return path;
}

/// The pages of a document, and the document while it is read.
void showDocument(Desk& desk, const QString& folder, const Album& album) {
  desk.window().attachFiles({writeReport(folder)});
  const auto picker = [&] { return desk.window().findChild<PagePicker*>(); };
  waitFor("the pages", [&] { return picker() != nullptr && picker()->pages().isVisible(); });
  picker()->pages().selectAll();
  album.add(*picker(), "pages");
  picker()->findChild<QPushButton*>("readPages")->click();
  const auto view = [&] { return desk.window().findChild<ReadingView*>(); };
  waitFor("the reading view", [&] { return view() != nullptr; });
  waitFor("the text",
          [&] { return view()->reading().state() == DocumentReading::State::Finished; });
  album.add(*view(), "document");
  view()->close();
}

void showAll(const std::filesystem::path& data, const Album& album) {
  const std::unique_ptr<Desk> desk = openDesk(data);
  album.add(desk->window(), "main");
  desk->controller().openSession(desk->controller().sessions().at(2).id);
  album.add(desk->window(), "read-text");
  desk->controller().newSession();
  album.add(desk->window(), "welcome");

  SessionSettingsDialog settings({}, std::nullopt, &desk->window());
  settings.show();
  album.add(settings, "settings");
  settings.hide();
  ShortcutsDialog shortcuts(desk->window());
  shortcuts.show();
  album.add(shortcuts, "shortcuts");
  shortcuts.hide();
  desk->models().open();
  waitFor("the models", [&] { return !desk->library().isScanning(); });
  // a model of this disk would show where it lies
  auto* models = desk->models().findChild<QListWidget*>();
  models->setCurrentItem(models->findItems("DeepSeek-VL2-Tiny", Qt::MatchExactly).value(0));
  album.add(desk->models(), "models");
  desk->models().hide();
  const QTemporaryDir folder;
  showDocument(*desk, folder.path(), album);
}

}  // namespace
}  // namespace vl

/// vl2-screenshots DIR [LANG]
int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  QApplication::setApplicationName("vl2-desk");
  QApplication::setApplicationDisplayName("VL2 Desk");
  if (argc < 2) vl::stop("the folder for the pictures is missing");
  const vl::Translation translation(
      vl::languageNamed(argc > 2 ? argv[2] : "en_US").value_or(vl::Language::English));
  QDir().mkpath(argv[1]);

  const QTemporaryDir folder;
  const std::filesystem::path data = folder.filePath("history").toStdString();
  {
    const vl::Theme theme(application, vl::Appearance::Light);
    vl::askAll(data);
    vl::freezeTimes(data);
    vl::showAll(data, {argv[1], {}});
  }
  const vl::Theme theme(application, vl::Appearance::Dark);
  vl::showAll(data, {argv[1], "-dark"});
  return EXIT_SUCCESS;
}
