using System.Net;
using System.Net.Sockets;
using System.Text;
using Countersign.Configuration;

namespace Countersign.Fuzz.Targets;

/// <summary>A whole configuration, from text to plan: whatever stands in it, there is a plan or an error that stands in the file.</summary>
public sealed class ConfigurationFile : FuzzTarget
{
    private const string File = "/etc/nginx/nginx.conf";

    public override string Name => "ConfigurationFile";

    public override int Inputs => 4_000;

    public override IReadOnlyList<string> Dictionary { get; } =
    [
        ";", "{", "}", " on;", " off;", "$", "${", "$1", "\"", "\\", "(", ")", "[", "]", "(?<n>", "*", "~", "^~ ", "= ", "-1", "99999999999999999999", "1k", "1m30s",
        "unix:", "::", "[::]:", ":65536", "http://", "server ", "location / {", "if (", "if=", "upstream u {", "include ", "map $a $b {", "set $x ", "return 200 ", "default", "\n", "%", "\0",
    ];

    public override void Try(byte[] input)
    {
        var result = ConfigurationLoader.Load(new LoadOptions
        {
            File = File,
            Prefix = "/usr/share/nginx/",
            DefaultErrorLog = "/var/log/nginx/error.log",
            DefaultPidFile = "/run/nginx.pid",
            ReadFile = path => path == File ? input : throw new FileNotFoundException(path),
            ListFolder = _ => [],
            Resolve = name => name == "localhost" ? [IPAddress.Loopback] : throw new SocketException((int)SocketError.HostNotFound),
        });
        var errors = result.Problems.Where(problem => problem.Level == ProblemLevel.Error);
        (result.Plan is null).ShouldBe(errors.Any(), "a plan or an error, not both and not neither");
        var lines = Encoding.Latin1.GetString(input).Split('\n');
        foreach (var place in result.Problems.SelectMany(problem => new[] { problem.Position, problem.Word }).OfType<SourcePosition>().Where(place => place.File == File))
        {
            place.Line.ShouldBeInRange(1, lines.Length);
            place.Column.ShouldBeInRange(1, lines[place.Line - 1].Length + 1);
        }
    }
}
