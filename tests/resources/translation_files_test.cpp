#include <QDomDocument>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <vector>

namespace vl::test {
namespace {

/// What a file of translations says about one text of the sources.
struct Message {
  QString source;
  QString state;      // empty: finished; else "unfinished", "vanished" or "obsolete"
  QStringList forms;  // one, or one for each plural form
};

std::vector<Message> messagesOf(const QString& path) {
  QFile file(path);
  QDomDocument document;
  if (!file.open(QIODevice::ReadOnly) || !document.setContent(&file)) return {};
  std::vector<Message> messages;
  const QDomNodeList elements = document.elementsByTagName("message");
  for (int i = 0; i < elements.count(); ++i) {
    const QDomElement element = elements.at(i).toElement();
    const QDomElement translation = element.firstChildElement("translation");
    Message message{element.firstChildElement("source").text(), translation.attribute("type"), {}};
    for (QDomElement form = translation.firstChildElement("numerusform"); !form.isNull();
         form = form.nextSiblingElement("numerusform")) {
      message.forms << form.text();
    }
    if (message.forms.isEmpty()) message.forms << translation.text();
    messages.push_back(std::move(message));
  }
  return messages;
}

/// %1, %n and the like, each once.
QSet<QString> placeholdersOf(const QString& text) {
  static const QRegularExpression placeholder("%L?(\\d+|n)");
  QSet<QString> found;
  for (const QRegularExpressionMatch& match : placeholder.globalMatch(text)) {
    found << match.captured();
  }
  return found;
}

/// The letter after the first &, as in "&File".
QString acceleratorOf(const QString& text) {
  static const QRegularExpression accelerator("&(\\w)");
  return accelerator.match(text).captured(1).toUpper();
}

QString inSources(const QString& path) { return QString(VL_SOURCE_DIR "/") + path; }

/// The file as it is when everything that the sources say is brought into it; lupdate complains
/// about texts that would be looked for under another name than they are translated under.
std::vector<Message> updated(const QString& path, const QStringList& options, QString& complaints) {
  const QTemporaryDir folder;
  const QString copy = folder.filePath("copy.ts");
  QFile::copy(path, copy);
  QProcess lupdate;
  lupdate.start(VL_LUPDATE,
                QStringList{"-silent", "-locations", "none", "-I", VL_SOURCE_DIR} + options +
                    QStringList{inSources("ui"), inSources("app/desktop"), "-ts", copy});
  if (!lupdate.waitForFinished()) complaints += "lupdate did not finish";
  complaints += QString::fromUtf8(lupdate.readAllStandardError());
  return messagesOf(copy);
}

}  // namespace

class TranslationFilesTest : public QObject {
  Q_OBJECT
 private slots:
  void haveEveryTextOfTheSourcesAndNoOther_data() { files(); }
  void haveEveryTextOfTheSourcesAndNoOther() {
    QFETCH(QString, path);
    QFETCH(QStringList, options);
    QString complaints;
    QStringList wrong;
    const std::vector<Message> messages = updated(path, options, complaints);
    for (const Message& message : messages) {
      if (!message.state.isEmpty()) wrong << message.state + ": " + message.source;
      for (const QString& form : message.forms) {
        if (form.trimmed().isEmpty()) wrong << "empty: " + message.source;
      }
    }
    QCOMPARE(wrong, QStringList());
    QCOMPARE(complaints, QString());
    QVERIFY(!messages.empty());
  }

  void keepPlaceholders_data() { files(); }
  void keepPlaceholders() {
    QFETCH(QString, path);
    QStringList wrong;
    for (const Message& message : messagesOf(path)) {
      const QSet<QString> expected = placeholdersOf(message.source);
      for (const QString& form : message.forms) {
        const bool isOne = message.forms.size() > 1 && form == message.forms.first();
        QSet<QString> found = placeholdersOf(form);
        if (isOne && !found.contains("%n") && expected.contains("%n")) found << "%n";  // "a page"
        if (found != expected) wrong << message.source + " -> " + form;
      }
    }
    QCOMPARE(wrong, QStringList());
  }

  void keepAccelerators() {
    QStringList wrong;
    for (const Message& message : messagesOf(inSources(kChinese))) {
      if (acceleratorOf(message.source) != acceleratorOf(message.forms.first())) {
        wrong << message.source + " -> " + message.forms.first();
      }
    }
    QCOMPARE(wrong, QStringList());
  }

 private:
  static constexpr const char* kChinese = "resources/translations/vl2-desk_zh_CN.ts";
  static constexpr const char* kEnglish = "resources/translations/vl2-desk_en.ts";

  static void files() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QStringList>("options");
    QTest::newRow("Chinese") << inSources(kChinese) << QStringList();
    QTest::newRow("English plurals") << inSources(kEnglish) << QStringList{"-pluralonly"};
  }
};

}  // namespace vl::test

QTEST_GUILESS_MAIN(vl::test::TranslationFilesTest)

#include "translation_files_test.moc"
