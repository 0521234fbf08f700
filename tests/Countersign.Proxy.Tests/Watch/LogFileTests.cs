using System.Text;
using Countersign.Proxy.Watch;

namespace Countersign.Proxy.Tests.Watch;

public sealed class LogFileTests : IDisposable
{
    private const int Loops = 3;
    private const int Lines = 20_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cs-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Each_loop_gathers_for_itself()
    {
        using var file = LogFile.Open(PathOf("log"));
        file.Gather(new LogBuffers(2, 4, null));
        foreach (var loop in new[] { 0, 1, 0, 1 })
        {
            file.Write(Encoding.ASCII.GetBytes($"{loop}\n"), loop, out _).ShouldBe(0);
        }
        Read("log").ShouldBe("");
        file.Write("1\n"u8, 1, out var begins);
        begins.ShouldBeTrue();
        Read("log").ShouldBe("1\n1\n");
        file.Flush(0);
        Read("log").ShouldBe("1\n1\n0\n0\n");
        file.Flush();
        Read("log").ShouldBe("1\n1\n0\n0\n1\n");
    }

    /// <summary>As nginx, whose buffers are the access log's.</summary>
    [Fact]
    public void What_is_not_a_loops_access_is_written_at_once()
    {
        using var file = LogFile.Open(PathOf("log"));
        file.Gather(new LogBuffers(1, 100, null));
        file.Write("access\n"u8, 0, out _);
        file.Write("error\n"u8);
        Read("log").ShouldBe("error\n");
    }

    /// <summary>A plan with fewer loops: those that leave have their last requests to log.</summary>
    [Fact]
    public void A_loop_of_an_earlier_plan_gathers_with_another()
    {
        using var file = LogFile.Open(PathOf("log"));
        file.Gather(new LogBuffers(4, 100, null));
        file.Write("three\n"u8, 3, out _);
        file.Gather(new LogBuffers(1, 100, null));
        Read("log").ShouldBe("three\n");
        file.Write("four\n"u8, 3, out _);
        file.Flush(0);
        Read("log").ShouldBe("three\nfour\n");
    }

    /// <summary>Its number may be another file's by then.</summary>
    [Fact]
    public void A_closed_file_takes_nothing()
    {
        var file = LogFile.Open(PathOf("log"));
        file.Gather(new LogBuffers(1, 100, null));
        file.Write("a\n"u8, 0, out _);
        file.Dispose();
        using var other = LogFile.Open(PathOf("other"));
        file.Write("b\n"u8).ShouldBe(-Native.Errno.BadDescriptor);
        file.Write("b\n"u8, 0, out _).ShouldBe(-Native.Errno.BadDescriptor);
        Read("log").ShouldBe("a\n");
        Read("other").ShouldBe("");
    }

    /// <summary>Sizes, loops and names change, and everything is flushed, while loops write: each line is in one of the files, once and whole.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    public void Nothing_is_lost_while_the_file_changes(int size)
    {
        var names = new List<string> { "log" };
        using (var file = LogFile.Open(PathOf("log")))
        {
            file.Gather(Buffers(size));
            using var ended = new CountdownEvent(Loops);
            var loops = Enumerable.Range(0, Loops).Select(loop => new Thread(() =>
            {
                for (var line = 0; line < Lines; line++)
                {
                    file.Write(Encoding.ASCII.GetBytes($"{loop} {line}\n"), loop, out _);
                }
                ended.Signal();
            })).ToList();
            loops.ForEach(thread => thread.Start());
            for (var turn = 0; !ended.IsSet; turn++)
            {
                names.Add($"log.{turn}");
                File.Move(PathOf("log"), PathOf(names[^1]));
                file.Reopen(text => throw new InvalidOperationException(text));
                file.Gather(Buffers(size + (turn % 3 * size)));
                file.Flush();
            }
            loops.ForEach(thread => thread.Join());
        }
        var lines = names.SelectMany(name => Read(name).Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        lines.Count.ShouldBe(Loops * Lines);
        lines.ToHashSet().SetEquals(Enumerable.Range(0, Loops).SelectMany(loop => Enumerable.Range(0, Lines).Select(line => $"{loop} {line}"))).ShouldBeTrue();

        static LogBuffers Buffers(int size) => size > 0 ? new LogBuffers(1 + (size / 64), size, null) : LogBuffers.None;
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string Read(string name) => File.ReadAllText(PathOf(name));
}
