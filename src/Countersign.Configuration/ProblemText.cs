using System.Globalization;
using System.Text;

namespace Countersign.Configuration;

/// <summary>Problems for people: in nginx's one line, or with the line of the file, a caret and advice.</summary>
public static class ProblemText
{
    /// <summary>nginx's line word for word, without the <c>nginx: [emerg] </c> that its caller puts in front.</summary>
    public static string NginxLine(ConfigurationProblem problem)
    {
        var text = ByteText.ToUnicode(problem.Text);
        if (problem is { NginxNamesPlace: true, Position.File: "command line" })
        {
            return text + " in command line";
        }
        return problem is { NginxNamesPlace: true, Position: { } at }
            ? string.Create(CultureInfo.InvariantCulture, $"{text} in {ByteText.ToUnicode(at.File)}:{at.Line}")
            : text;
    }

    /// <summary>Several lines: what is wrong, where, the line itself with a caret under the word, and what to do.</summary>
    /// <param name="files">The files of the load, for the line; without the file the place alone is given.</param>
    public static string WithSource(ConfigurationProblem problem, IReadOnlyList<SourceFile> files)
    {
        var level = problem.Level switch
        {
            ProblemLevel.Error => "error",
            ProblemLevel.Warning => "warning",
            ProblemLevel.Notice => "notice",
        };
        var result = new StringBuilder($"{level}: {ByteText.ToUnicode(problem.Text)} [{problem.Id}]");
        var margin = "  ";
        if ((problem.Word ?? problem.Position) is { } at)
        {
            result.Append(CultureInfo.InvariantCulture, $"\n  --> {ByteText.ToUnicode(at.File)}:{at.Line}:{at.Column}");
            if (files.FirstOrDefault(file => file.Path == at.File) is { } file && Line(file.Content, at.Line) is { } line)
            {
                var number = at.Line.ToString(CultureInfo.InvariantCulture);
                margin = new string(' ', number.Length + 2);
                var shown = ByteText.ToUnicode(line);
                // The column counts bytes; a caret stands under a character.
                var before = ByteText.ToUnicode(line[..Math.Min(at.Column - 1, line.Length)]);
                var caret = string.Concat(before.Select(c => c == '\t' ? '\t' : ' ')) + new string('^', WordLength(shown, before.Length));
                result.Append(CultureInfo.InvariantCulture, $"\n{margin}|\n {number} | {shown}\n{margin}| {caret}");
            }
        }
        if (problem.Advice is { } advice)
        {
            result.Append(CultureInfo.InvariantCulture, $"\n{margin}= {advice}");
        }
        return result.ToString();
    }

    private static string? Line(byte[] content, int number)
    {
        foreach (var range in content.AsSpan().Split((byte)'\n'))
        {
            if (--number == 0)
            {
                return ByteText.FromBytes(content.AsSpan()[range]).TrimEnd('\r');
            }
        }
        return null;
    }

    private static int WordLength(string line, int start)
    {
        var end = start;
        while (end < line.Length && line[end] is not (' ' or '\t' or ';' or '{' or '}'))
        {
            end++;
        }
        return Math.Max(1, end - start);
    }
}
