using System.Text.RegularExpressions;
using Countersign.Configuration;
using Countersign.Proxy.Watch;

namespace Countersign.Proxy.Tests.Watch;

public sealed class ErrorLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cs-");

    [Fact]
    public void A_failure_with_its_stack_is_one_line()
    {
        var said = Write(Thrown().ToString());
        said.ShouldMatch(@"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[alert\] \d+#\d+: System.InvalidOperationException: outer\\x0A ---> [^\n]+\n\z");
        said.ShouldContain("\\x0A   at Countersign.Proxy.Tests.Watch.ErrorLogTests.Thrown()");
    }

    [Fact]
    public void A_client_cannot_make_up_a_line() =>
        Regex.Count(Write("open() \"/html/a\r\n2026/01/01 00:00:00 [notice] 1#1: all is well\" failed"), "\n").ShouldBe(1);

    [Fact]
    public void A_long_line_is_cut_and_still_ends() => Write(new string('x', 5000)).Length.ShouldBe(2048);

    private string Write(string text)
    {
        using var files = new LogFiles();
        var path = Path.Combine(_folder.FullName, "error.log");
        _ = files.Open(path);
        new ErrorLog(files, TimeProvider.System).Write([new ErrorLogTarget(path, LogLevel.Debug)], LogLevel.Alert, text);
        return File.ReadAllText(path);
    }

    private static Exception Thrown()
    {
        try
        {
            throw new InvalidOperationException("outer", new InvalidOperationException("inner"));
        }
        catch (InvalidOperationException caught)
        {
            return caught;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
