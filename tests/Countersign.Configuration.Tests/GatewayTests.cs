namespace Countersign.Configuration.Tests;

public sealed class GatewayTests
{
    private const string Gateway = """
        worker_processes auto;
        events { worker_connections 1024; }
        http {
            upstream backend { server 127.0.0.1:8081 weight=2; server localhost:8082 backup; keepalive 4; }
            log_format mtls '$remote_addr $ssl_client_verify "$ssl_client_s_dn"';
            access_log logs/mtls.log mtls;
            server {
                listen 443 ssl;
                server_name gateway.example.com *.gateway.example.com;
                ssl_certificate server.crt;
                ssl_certificate_key server.key;
                ssl_client_certificate ca.crt;
                ssl_verify_client optional;
                location / {
                    if ($ssl_client_verify != SUCCESS) { return 403; }
                    proxy_set_header X-Client-DN $ssl_client_s_dn;
                    proxy_pass http://backend;
                }
                location = /health { return 200 "ok\n"; }
            }
        }
        """;

    [Fact]
    public void A_gateway_for_client_certificates_becomes_a_plan()
    {
        var plan = Loading.Plan(Gateway);

        plan.Main.WorkerProcesses.ShouldBe(0);
        plan.Main.WorkerConnections.ShouldBe(1024);
        var listen = plan.Http!.Listens.ShouldHaveSingleItem();
        listen.Text.ShouldBe("0.0.0.0:443");
        listen.Addresses.ShouldHaveSingleItem().Ssl.ShouldBeTrue();
        // As nginx: whatever the name, the only server of an address is meant, so a Host other than the SNI is no 421.
        listen.Addresses[0].Names.IsEmpty.ShouldBeTrue();
        listen.Addresses[0].DefaultServer.ShouldBe(plan.Http.Servers[0]);
        var ssl = plan.Http.Servers[0].Ssl;
        ssl.VerifyClient.ShouldBe(VerifyClient.Optional);
        ssl.Certificates.Select(name => name.Source).ShouldBe(["/etc/nginx/server.crt"]);
        ssl.ClientCertificate.ShouldBe("/etc/nginx/ca.crt");
        plan.Http.Upstreams.ShouldHaveSingleItem().Servers.Count.ShouldBe(2);
    }

    [Fact]
    public void A_location_inherits_what_it_does_not_say()
    {
        var location = Loading.Plan(Gateway).Http!.Servers[0].Root.Children[0];

        location.Name.ShouldBe("/");
        location.Log.AccessLogs.ShouldHaveSingleItem().Path.Source.ShouldBe("/usr/share/nginx/logs/mtls.log");
        location.Proxy.SetHeaders.ShouldHaveSingleItem().Name.ShouldBe("X-Client-DN");
        location.ProxyPass!.Upstream!.Name.ShouldBe("backend");
        location.Rewrite.ShouldHaveSingleItem().ShouldBeOfType<IfStep>().Block!.Proxy.SetHeaders.Count.ShouldBe(1);
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        var problems = Loading.Load("events { } http { server { lissten 80; proxy_pass http://a; gzip on; return; } }").Problems;

        problems.Select(problem => problem.Id).ShouldBe(
            ["unknown-directive", "directive-not-allowed-here", "unsupported-directive", "wrong-number-of-arguments"]);
        problems[0].Advice.ShouldBe("Did you mean \"listen\"?");
    }

    [Fact]
    public void A_named_group_keeps_the_number_that_PCRE_gives_it()
    {
        var pattern = Loading.Server("location ~ ^/(?<user>[^/]+)/(\\d+) { return 200 $user$2; }").Servers[0].Root.RegexChildren[0].Pattern!;

        pattern.NamedGroups.ShouldHaveSingleItem().Group.ShouldBe(1);
        pattern.Expression.Match("/jo/42").Groups[2].Value.ShouldBe("42");
    }

    [Fact]
    public void A_variable_nobody_defines_is_an_error()
    {
        Loading.Errors("events { } http { server { return 200 $ssl_client_sdn; } }").ShouldBe(["unknown \"ssl_client_sdn\" variable"]);
    }
}
