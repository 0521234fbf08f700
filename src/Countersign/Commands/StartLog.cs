using Countersign.Configuration;
using Countersign.Proxy.Watch;

namespace Countersign.Commands;

/// <summary>
/// What is said before the gate serves: warnings and worse on the terminal, and everything in the log of <c>-e</c>, until the plan's
/// own logs are open and take its place.
/// </summary>
internal sealed class StartLog : IDisposable
{
    private readonly TextWriter _error;
    private readonly LogFiles _files = new();
    private ErrorLog _log;
    private IReadOnlyList<ErrorLogTarget> _targets;

    /// <param name="path">Of <c>-e</c>: absolute, or <c>stderr</c>.</param>
    public StartLog(string path, TextWriter error)
    {
        _error = error;
        _log = new ErrorLog(_files, TimeProvider.System);
        _targets = path == "stderr" ? [] : [new ErrorLogTarget(ByteText.FromUnicode(path), LogLevel.Notice)];
        try
        {
            foreach (var target in _targets)
            {
                _ = _files.Open(target.Path);
            }
        }
        catch (LogException fault)
        {
            Write(LogLevel.Alert, $"could not open error log file: {fault.Message}");
        }
    }


    public void UseLogsOf(Plan plan, LogFiles files)
    {
        if (plan.Main.ErrorLogs.Any(target => files.Find(target.Path) is not null))
        {
            _log = new ErrorLog(files, TimeProvider.System);
            _targets = plan.Main.ErrorLogs;
        }
    }

    public void Write(LogLevel level, string text)
    {
        _log.Write(_targets, level, text);
        if (level <= LogLevel.Warn && !_targets.Any(target => target.IsStandardError && level <= target.Level))
        {
            Say($"countersign: [{level.ToString().ToLowerInvariant()}] {text}");
        }
    }

    /// <summary>Every problem, with its advice for the person at the terminal.</summary>
    public void Write(IEnumerable<ConfigurationProblem> problems)
    {
        foreach (var problem in problems)
        {
            var level = ConfigurationFile.LogLevelOf(problem.Level);
            Write(level, ProblemText.NginxLine(problem));
            if (problem.Advice is { } advice && level <= LogLevel.Warn)
            {
                Say($"  {advice}");
            }
        }
    }

    /// <summary>What keeps a plan from being served, and what else would.</summary>
    /// <param name="wrong">nginx's sentence.</param>
    public void Write(Plan plan, string wrong)
    {
        var first = plan.Faults.FirstOrDefault(fault => ProblemText.NginxLine(fault) == wrong);
        if (first is null)
        {
            Write(LogLevel.Emerg, wrong);
        }
        Write(plan.Faults.OrderBy(fault => fault != first));
    }

    private void Say(string line)
    {
        try
        {
            _error.WriteLine(line);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Started with its standard error closed: the exit code has to do.
        }
    }

    public void Dispose() => _files.Dispose();
}
