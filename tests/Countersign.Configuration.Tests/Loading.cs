using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Configuration.Tests;

/// <summary>Loads text that stands in no file system; names other than localhost do not resolve.</summary>
internal static class Loading
{
    public const string File = "/etc/nginx/nginx.conf";

    public static LoadResult Load(string text, params (string Path, string Text)[] others) => Load(text, "", others);

    /// <param name="globalDirectives">nginx's <c>-g</c>.</param>
    public static LoadResult Load(string text, string globalDirectives, (string Path, string Text)[] others)
    {
        var files = others.Append((File, text)).ToDictionary(entry => entry.Item1, entry => Encoding.UTF8.GetBytes(entry.Item2));
        return ConfigurationLoader.Load(new LoadOptions
        {
            File = File,
            GlobalDirectives = globalDirectives,
            Prefix = "/usr/share/nginx/",
            DefaultErrorLog = "/var/log/nginx/error.log",
            DefaultPidFile = "/run/nginx.pid",
            ReadFile = path => files.TryGetValue(path, out var content) ? content : throw new FileNotFoundException(path),
            ListFolder = folder => [.. files.Keys.Where(path => Path.GetDirectoryName(path) == folder).Select(path => Path.GetFileName(path)!)],
            Resolve = name => name == "localhost" ? [IPAddress.Loopback] : throw new SocketException((int)SocketError.HostNotFound),
        });
    }

    /// <summary>A plan, or a failure that says what was wrong with the text.</summary>
    public static Plan Plan(string text, params (string Path, string Text)[] others)
    {
        var result = Load(text, others);
        return result.Plan ?? throw new InvalidOperationException(string.Join('\n', result.Problems.Select(problem => problem.Text)));
    }

    /// <summary>The http plan of a server block with this inside.</summary>
    public static HttpPlan Server(string inside) => Plan("events { } http { server { " + inside + " } }").Http!;

    public static IReadOnlyList<string> Errors(string text, params (string Path, string Text)[] others) =>
        [.. Load(text, others).Problems.Where(problem => problem.Level == ProblemLevel.Error).Select(problem => problem.Text)];
}
